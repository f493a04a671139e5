#!/usr/bin/env python3
"""What do the cache and the settings do to the input alone? One rank, a consumer that takes no time.

    epochs_bench.py --photos FOLDER [--feedline PROGRAM]      FOLDER is made by photos.py
"""

import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import tempfile

HERE = pathlib.Path(__file__).parent
CORES = len(os.sched_getaffinity(0))


def run(args, photos, *flags, epochs):
    """The summary, and the samples a second of each epoch."""
    with tempfile.TemporaryDirectory() as folder:
        summary = pathlib.Path(folder) / "summary.json"
        words = [args.feedline, "train", "--train-data", photos, "--val-fraction", 0, "--synthetic-step-ms", 0,
                 "--epochs", epochs, "--summary", summary, *flags]
        done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=True)
        figures = json.loads(summary.read_text())
    # An epoch's line tells the rate of all epochs so far.
    so_far = [float(rate) for rate in re.findall(r"^epoch \d+/\d+ +([\d.]+) samples/s", done.stdout, re.MULTILINE)]
    ends = [number / rate for number, rate in enumerate(so_far, 1)]
    return figures, [1 / (end - begin) for begin, end in zip([0, *ends], ends)]


def first_and_later(args, photos, cache):
    """Samples a second of the first epoch, and the median of those after it."""
    _, rates = run(args, photos, "--cache", cache, epochs=8)
    return rates[0], statistics.median(rates[1:])


def cache_table(args, photos):
    print("\n| cache | first epoch, samples/s | later epochs | ratio |\n|---|---|---|---|")
    for cache in ("none", "encoded", "decoded"):
        pairs = [first_and_later(args, photos, cache) for _ in range(args.rounds)]
        first, later = (statistics.median(values) for values in zip(*pairs))
        ratio = statistics.median(b / a for a, b in pairs)
        print(f"| {cache} | {first:.0f} | {later:.0f} | {ratio:.1f} |", flush=True)


def sweep_table(args, photos, flag, values):
    print(f"\n| {flag} | samples/s |\n|---|---|")
    for value in values:
        rates = [run(args, photos, "--cache", "none", flag, value, epochs=3)[0]["samples_per_s"] for _ in range(args.rounds)]
        print(f"| {value} | {statistics.median(rates):.0f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=pathlib.Path, required=True)
    parser.add_argument("--feedline", default=HERE.parent / "build/release/bin/feedline")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    small = args.photos / "small"
    cache_table(args, small)
    sweep_table(args, small, "--num-workers", range(1, CORES + 1))
    sweep_table(args, small, "--batch-size", [16, 64, 256])
    sweep_table(args, small, "--image-size", [64, 112, 224, 384])
    sweep_table(args, small, "--augment", ["none", "basic", "strong"])


if __name__ == "__main__":
    main()
