#!/usr/bin/env python3
"""Makes two sets of 512 recordings of 4 s, 16-bit WAV, in eight folders a set: noise and tones, the same each time.

    recordings.py FOLDER      FOLDER/phone-8k: 8000 Hz, FOLDER/hifigan-22k: 22050 Hz

Runs on the Python of benchmarks/peers/setup.sh (it needs NumPy). What is there already stays.
"""

import argparse
import pathlib
import wave

import numpy as np

SECONDS = 4
COUNT = 512
CLASSES = 8
RATES = {"phone-8k": 8000, "hifigan-22k": 22050}


def samples(number, rate):
    """A few tones whose loudness swells and fades, over noise; peaks below full scale."""
    rng = np.random.default_rng(number)
    time = np.arange(SECONDS * rate) / rate
    sound = rng.normal(0, 0.02, time.size)
    for _ in range(4):
        tone, beat, phase = rng.uniform(80, 0.45 * rate), rng.uniform(0.5, 4), rng.uniform(0, 6)
        sound += 0.1 * np.sin(2 * np.pi * tone * time) * (1 + np.sin(2 * np.pi * beat * time + phase))
    return np.clip(sound * 32767, -32767, 32767).astype("<i2")


def write(file, data, rate):
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(data.tobytes())


def make_set(folder, rate):
    for number in range(COUNT):
        file = folder / f"class{number % CLASSES}" / f"{number:04}.wav"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            write(file, samples(number, rate), rate)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    folder = parser.parse_args().folder
    for name, rate in RATES.items():
        make_set(folder / name, rate)


if __name__ == "__main__":
    main()
