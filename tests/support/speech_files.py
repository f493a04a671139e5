"""Made-up recordings with their texts: every letter is a tone, so that a model can learn them."""

import array
import math
import pathlib
import random
import struct
import wave

RATE = 8000
LETTERS = "abcdefgh"


def write_wav(path, samples, rate=RATE, channels=1):
    """`samples` of -1.6 to 1.6, of all channels in turn; 16 bit."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(array.array("h", [int(20000 * sample) for sample in samples]).tobytes())


def write_float_wav(path, samples, rate=RATE):
    data = array.array("f", samples).tobytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " +
                     struct.pack("<IHHIIHH", 16, 3, 1, rate, 4 * rate, 4, 32) + b"data" +
                     struct.pack("<I", len(data)) + data)


def tone(letter, seconds, rng):
    frequency = 300 + 400 * LETTERS.index(letter)
    phase = rng.random()
    return [0.5 * math.sin(2 * math.pi * (frequency * i / RATE + phase)) + 0.02 * (rng.random() - 0.5)
            for i in range(int(seconds * RATE))]


def write_speech(folder, count, seed=0, longest=12):
    """metadata.csv and wavs/; texts of 2 to `longest` letters, 0.1 s each. Returns the texts by name."""
    rng = random.Random(seed)
    texts = {}
    for i in range(count):
        name = f"rec{i:04}"
        texts[name] = "".join(rng.choice(LETTERS) for _ in range(rng.randint(2, longest)))
        samples = [sample for letter in texts[name] for sample in tone(letter, 0.1, rng)]
        write_wav(pathlib.Path(folder) / "wavs" / f"{name}.wav", samples)
    lines = [f"{name}|{text}|{text}" for name, text in texts.items()]
    (pathlib.Path(folder) / "metadata.csv").write_text("\n".join(lines) + "\n")
    return texts


def write_classes(folder, count, seed=0):
    """A folder a letter, recordings of 0.3 to 1.2 s in it."""
    rng = random.Random(seed)
    for i in range(count):
        letter = LETTERS[i % 3]
        write_wav(pathlib.Path(folder) / letter / f"{i:04}.wav", tone(letter, 0.3 + 0.9 * rng.random(), rng))
