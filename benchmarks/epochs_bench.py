#!/usr/bin/env python3
"""What do the cache and the settings do to the input alone? One rank, a consumer that takes no time.

    epochs_bench.py --photos FOLDER [--feedline PROGRAM]      FOLDER is made by photos.py
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import tempfile

HERE = pathlib.Path(__file__).parent
CORES = len(os.sched_getaffinity(0))


def run(args, photos, *flags, epochs):
    with tempfile.TemporaryDirectory() as folder:
        summary = pathlib.Path(folder) / "summary.json"
        words = [args.feedline, "train", "--train-data", photos, "--val-fraction", 0, "--synthetic-step-ms", 0,
                 "--epochs", epochs, "--summary", summary, *flags]
        subprocess.run(list(map(str, words)), capture_output=True, check=True)
        return json.loads(summary.read_text())


def first_and_later(args, photos, cache):
    """Samples a second of the first epoch, and of those after it: a run of two epochs more, less the first."""
    first = run(args, photos, "--cache", cache, epochs=1 if cache == "none" else 2)
    later = run(args, photos, "--cache", cache, epochs=first["epochs"] + 3)
    samples = later["samples"] - first["samples"]
    rate = samples / (later["wall_s"] - first["wall_s"])
    count = first["samples"] / first["epochs"]
    first_wall = first["wall_s"] - (first["epochs"] - 1) * count / rate
    return count / first_wall, rate


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
        rates = [run(args, photos, "--cache", "none", flag, value, epochs=3)["samples_per_s"] for _ in range(args.rounds)]
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
