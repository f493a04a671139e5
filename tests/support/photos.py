"""Folders of JPEG files for tests, made without any library: a small baseline encoder for gray pictures."""

import math
import pathlib
import random
import struct

# ISO/IEC 10918-1, annex K: the luminance Huffman tables' lengths and values, and the zigzag order.
DC_LENGTHS = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
ZIGZAG = sorted(range(64), key=lambda i: (i // 8 + i % 8, (i // 8 if (i // 8 + i % 8) % 2 else i % 8)))


class Bits:
    def __init__(self):
        self.bytes, self.value, self.count = bytearray(), 0, 0

    def put(self, value, count):
        self.value, self.count = self.value << count | value, self.count + count
        while self.count >= 8:
            byte = self.value >> (self.count - 8) & 0xFF
            self.bytes.append(byte)
            if byte == 0xFF:
                self.bytes.append(0)
            self.count -= 8
        self.value &= (1 << self.count) - 1


def segment(marker, content):
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + bytes(content)


def dc_codes():
    codes, code, value = {}, 0, 0
    for length, count in enumerate(DC_LENGTHS, 1):
        for _ in range(count):
            codes[value] = (code, length)
            code, value = code + 1, value + 1
        code <<= 1
    return codes


def gray_jpeg(width, height, level):
    """A gray JPEG whose 8 x 8 blocks have the brightness `level(column, row)`, 0..255."""
    codes, bits, last = dc_codes(), Bits(), 0
    for row in range(math.ceil(height / 8)):
        for column in range(math.ceil(width / 8)):
            value = int(level(column, row)) - 128
            difference, last = value - last, value
            size = abs(difference).bit_length()
            bits.put(*codes[size])
            if size:
                bits.put(difference if difference > 0 else difference + (1 << size) - 1, size)
            bits.put(0, 1)  # the AC table's only code: end of block
    bits.put(0x7F, 7)
    quantization = segment(0xDB, [0] + [8] + [1] * 63)  # a DC step of 8 is a brightness step of 1
    frame = segment(0xC0, struct.pack(">BHHBBBB", 8, height, width, 1, 1, 0x11, 0))
    tables = segment(0xC4, [0x00, *DC_LENGTHS, *range(12)]) + segment(0xC4, [0x10, 1, *[0] * 15, 0])
    scan = segment(0xDA, [1, 1, 0x00, 0, 63, 0])
    return b"\xff\xd8" + quantization + frame + tables + scan + bytes(bits.bytes) + b"\xff\xd9"


def write_photos(folder, count, classes=3, seed=0, size=(120, 90)):
    """`count` gray pictures in `classes` folders; a class is a brightness, so that a model can learn it."""
    rng = random.Random(seed)
    for number in range(count):
        label = number % classes
        base = 40 + 180 * label // max(1, classes - 1)
        file = pathlib.Path(folder) / f"class{label}" / f"{number:04}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(gray_jpeg(*size, lambda column, row: min(255, max(0, base + rng.randint(-20, 20)))))
    return sorted(pathlib.Path(folder).glob("*/*.jpg"))
