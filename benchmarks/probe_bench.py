#!/usr/bin/env python3
"""Does `feedline probe` predict what a run then does? Five workloads, buffered mode on one rank, no cache.

    probe_bench.py --photos FOLDER [--feedline PROGRAM]      FOLDER is made by photos.py
"""

import argparse
import json
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).parent
FASHION = pathlib.Path("/usr/share/datasets/fashion-mnist")


def workloads(photos):
    small, large = ["--train-data", photos / "small"], ["--train-data", photos / "large"]
    return [
        ("500x375 photographs, 40 ms a batch", [*small, "--synthetic-step-ms", 40], 4),
        ("500x375 photographs, 5 ms a batch", [*small, "--synthetic-step-ms", 5], 6),
        ("2048x1536 photographs, 40 ms a batch", [*large, "--synthetic-step-ms", 40], 12),
        ("Fashion-MNIST, tiny model on the CPU", ["--train-data", FASHION, "--model-size", "tiny"], 1),
        ("500x375 photographs at 64, small model on the CPU", [*small, "--image-size", 64, "--model-size", "small"], 3),
    ]


def run(program, command, flags, folder):
    summary = pathlib.Path(folder) / "summary.json"
    words = [program, command, *flags, "--summary", summary]
    subprocess.run(list(map(str, words)), capture_output=True, check=True)
    return json.loads(summary.read_text())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=pathlib.Path, required=True)
    parser.add_argument("--feedline", default=HERE.parent / "build/release/bin/feedline")
    args = parser.parse_args()
    print("| workload | predicted, samples/s | run | predicted / run | busy predicted | busy |\n|---|---|---|---|---|---|")
    for name, flags, epochs in workloads(args.photos):
        with tempfile.TemporaryDirectory() as folder:
            flags = [*flags, "--val-fraction", 0, "--cache", "none"]
            predicted = run(args.feedline, "probe", flags, folder)["predictions"]["buffered"]
            real = run(args.feedline, "train", [*flags, "--epochs", epochs], folder)
        ratio = predicted["samples_per_s"] / real["samples_per_s"]
        print(f"| {name} | {predicted['samples_per_s']:.0f} | {real['samples_per_s']:.0f} | {ratio:.2f} | "
              f"{predicted['busy']:.2f} | {real['busy']:.2f} |", flush=True)


if __name__ == "__main__":
    main()
