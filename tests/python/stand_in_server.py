#!/usr/bin/env python3
"""Speaks the protocol of `feedline serve` with made-up batches, and fails as it is told to.

FEEDLINE_STAND_IN is a JSON object, all of it optional: samples, jump (whether jumps are understood), delay (seconds for
each batch), die_at (numbers of batches before which it kills itself, once each), die_always, exit_at_start (code),
fail_at (number of a batch before which it reports {"code", "message"} of `failure`), fingerprint_file.
"""

import array
import json
import os
import select
import signal
import socket
import struct
import sys
import time

TELL = json.loads(os.environ.get("FEEDLINE_STAND_IN", "{}"))
SIDES = (8, 4)  # of the pictures in the two buckets


def flag(name, default):
    if name in sys.argv:
        return sys.argv[sys.argv.index(name) + 1]
    return next((word.split("=", 1)[1] for word in sys.argv if word.startswith(name + "=")), default)


def sample_of(samples, epoch, place, shuffle):
    """The order of an epoch: a step through all samples that is new in each epoch."""
    steps = [step for step in (7, 11, 13, 17, 19, 23) if samples % step]
    return (place * steps[epoch % len(steps)] + epoch) % samples if shuffle else place


class Data:
    def __init__(self, opening):
        self.samples = TELL.get("samples", 100)
        self.batch_size = int(flag("--batch-size", "64"))
        self.depth = int(flag("--buffer-size", "50"))
        self.shuffle = opening["shuffle"]
        self.epochs = opening["epochs"]
        whole, rest = divmod(self.samples, self.batch_size)
        self.batches = whole + (1 if rest and "--drop-last" not in sys.argv else 0)
        self.image_bytes = 3 * SIDES[0] ** 2 * self.batch_size
        self.label_at = (self.image_bytes + 63) // 64 * 64
        self.ids_at = self.label_at + 8 * self.batch_size
        self.slot_bytes = (self.ids_at + 8 * self.batch_size + 4095) // 4096 * 4096

    def info(self):
        return {
            "protocol": 1, "version": "0.1.0", "pid": os.getpid(), "task": "image", "depth": self.depth,
            "slot_bytes": self.slot_bytes, "samples": self.samples, "batches_per_epoch": self.batches,
            "epochs": self.epochs, "classes": [str(digit) for digit in range(10)], "class_count": 10, "mean": [0.5] * 3,
            "std": [0.25] * 3, "train_size": self.samples, "val_size": 10, "workers": 1, "ids_offset": self.ids_at,
            "fingerprint": self.fingerprint(), "jump": TELL.get("jump", False),
            "buckets": [{"rows": self.batch_size, "tensors": [
                {"name": "image", "dtype": "uint8", "shape": [3, side, side], "offset": 0},
                {"name": "label", "dtype": "int64", "shape": [], "offset": self.label_at}]} for side in SIDES]}

    def fingerprint(self):
        file = TELL.get("fingerprint_file")
        return open(file).read() if file else "0123456789abcdef"

    def fill(self, memory, slot, number):
        epoch, batch = divmod(number, self.batches)
        rows = min(self.batch_size, self.samples - batch * self.batch_size)
        bucket = number % 2
        ids = [sample_of(self.samples, epoch, batch * self.batch_size + row, self.shuffle) for row in range(rows)]
        size = 3 * SIDES[bucket] ** 2
        pixels = b"".join(bytes([(sample + epoch) % 256]) * size for sample in ids)
        at = slot * self.slot_bytes
        memory[at:at + len(pixels)] = pixels
        memory[at + self.label_at:at + self.label_at + 8 * rows] = array.array("q", [i % 10 for i in ids]).tobytes()
        memory[at + self.ids_at:at + self.ids_at + 8 * rows] = array.array("Q", ids).tobytes()
        return struct.pack("<cxxxIQIIIII", b"B", slot, number, epoch, batch, rows, bucket, batch + 1 == self.batches)


class Server:
    def __init__(self, end):
        self.end = end
        opening = json.loads(end.recv(1 << 16)[1:])
        if TELL.get("exit_at_start"):
            sys.exit(TELL["exit_at_start"])
        self.data = Data(opening)
        self.first = self.number = opening["first_batch"]
        self.free = list(range(self.data.depth))
        self.out = {}  # (slot, number) of the batches that the client has
        self.sent = 0
        self.is_over = False
        self.open()

    def open(self):
        import mmap
        text = json.dumps(self.data.info()).encode()
        facts, slots = os.memfd_create("info"), os.memfd_create("slots")
        os.write(facts, text)
        os.ftruncate(slots, self.data.slot_bytes * self.data.depth)
        self.memory = mmap.mmap(slots, 0)
        socket.send_fds(self.end, [struct.pack("<cQ", b"I", len(text))], [facts, slots])
        os.close(facts)
        os.close(slots)

    def run(self):
        while True:
            may_send = self.free and not self.is_over
            while select.select([self.end], [], [], 0 if may_send else None)[0]:
                self.take(self.end.recv(1 << 16))
                may_send = self.free and not self.is_over
            self.send_next()

    def take(self, packet):
        kind = packet[:1]
        if kind in (b"", b"Q"):
            sys.exit(0)
        if kind == b"R":
            slot, number = struct.unpack("<cxxxIQ", packet)[1:]
            if self.out.pop((slot, number), None) is None:
                return  # it was said before
            self.memory[slot * self.data.slot_bytes:(slot + 1) * self.data.slot_bytes] = \
                b"\xee" * self.data.slot_bytes
            self.free.append(slot)
        elif kind == b"S":
            figures = {"waiting_batches": self.data.depth - len(self.free), "samples": self.sent}
            self.end.send(b"S" + json.dumps(figures).encode())
        elif kind == b"J":
            self.number = struct.unpack("<cxxxxxxxQ", packet)[1]
            self.is_over = False
            self.end.send(packet)

    def send_next(self):
        data = self.data
        if data.epochs is not None and self.number >= data.epochs * data.batches:
            self.end.send(b"E")
            self.is_over = True
            return
        if TELL.get("die_always") or (self.number in TELL.get("die_at", ()) and self.number > self.first):
            os.kill(os.getpid(), signal.SIGKILL)
        if self.number == TELL.get("fail_at"):
            self.end.send(b"F" + json.dumps(TELL["failure"]).encode())
            sys.exit(TELL["failure"]["code"])
        time.sleep(TELL.get("delay", 0))
        slot = self.free.pop(0)
        self.out[slot, self.number] = True
        self.end.send(data.fill(self.memory, slot, self.number))
        self.number += 1
        self.sent += 1


if __name__ == "__main__":
    try:
        Server(socket.socket(fileno=int(flag("--socket-fd", None)))).run()
    except (ConnectionError, KeyboardInterrupt):
        pass
