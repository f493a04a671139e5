#!/usr/bin/env python3
"""What do checkpoints, a lost data rank, isolated decoders and a resume cost?

    survive_bench.py [--feedline PROGRAM] [--photos FOLDER] [--many FOLDER]

FOLDER of --photos is made by photos.py; that of --many holds a million pictures or so (its first batch is timed).
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import tempfile

FASHION_MNIST = "/usr/share/datasets/fashion-mnist"
ENV = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")


def run(args, *flags, ranks=1, fault=""):
    with tempfile.TemporaryDirectory() as folder:
        summary = pathlib.Path(folder) / "summary.json"
        launcher = ["mpirun", "--quiet", "--enable-recovery", "--oversubscribe", "--bind-to", "none", "-np", "2"]
        words = [*(launcher if ranks == 2 else []), args.feedline, "train", *flags, "--summary", summary]
        done = subprocess.run(list(map(str, words)), capture_output=True, text=True,
                              env=dict(ENV, FEEDLINE_FAULT=fault))
        if not summary.exists():
            raise SystemExit(done.stderr)
        return json.loads(summary.read_text())


def saving(args):
    print("\n| model | parameters | step, ms | the step that saves stands still for, ms | of a step | whole run with a save "
          "every 20 steps, times without |\n|---|---|---|---|---|---|")
    for size, steps in (("tiny", 2000), ("small", 200), ("normal", 60)):
        flags = ["--train-data", FASHION_MNIST, "--model-size", size, "--max-steps", steps, "--train-threads", 2,
                 "--val-fraction", 0]
        rows = []
        for _ in range(args.rounds):
            quiet = run(args, *flags)
            with tempfile.TemporaryDirectory() as folder:
                saved = run(args, *flags, "--checkpoint-dir", folder, "--checkpoint-every-steps", 20)
            saves = steps // 20 + 1  # at the most: one is put off while another is being written
            step = quiet["step_s"] / steps * 1e3
            still = saved["checkpoint_s"] / saves * 1e3
            rows.append((step, still, still / step, (saved["wall_s"] + saved["checkpoint_s"]) / quiet["wall_s"]))
        step, still, share, slower = (statistics.median(column) for column in zip(*rows))
        print(f"| {size} | {quiet['parameters']} | {step:.1f} | {still:.2f} | {share * 100:.0f} % | {slower:.2f} |", flush=True)


def takeover(args):
    print("\n| the data rank is killed | waited for data, ms | without the kill |\n|---|---|---|")
    cases = [("Fashion-MNIST", ["--train-data", FASHION_MNIST])]
    if args.photos:
        cases.append(("photographs", ["--train-data", args.photos, "--val-fraction", 0]))
    for name, data in cases:
        for buffer in (50, 4):
            flags = [*data, "--synthetic-step-ms", 40, "--max-steps", 150, "--buffer-size", buffer]
            quiet, lost = [], []
            for _ in range(args.rounds):
                quiet.append(run(args, *flags, ranks=2)["data_wait_s"] * 1e3)
                lost.append(run(args, *flags, ranks=2, fault="kill:rank0@batch=80")["data_wait_s"] * 1e3)
            print(f"| {name}, --buffer-size {buffer} | {statistics.median(lost):.0f} | {statistics.median(quiet):.0f} |",
                  flush=True)


def isolation(args):
    print("\n| input alone | samples/s | in child processes | ratio |\n|---|---|---|---|")
    flags = ["--train-data", args.photos, "--val-fraction", 0, "--synthetic-step-ms", 0, "--epochs", 4, "--cache", "none"]
    pairs = [(run(args, *flags)["samples_per_s"], run(args, *flags, "--isolate-decoders")["samples_per_s"])
             for _ in range(args.rounds)]
    threads, children = (statistics.median(column) for column in zip(*pairs))
    ratio = statistics.median(b / a for a, b in pairs)
    print(f"| photographs | {threads:.0f} | {children:.0f} | {ratio:.2f} |", flush=True)


def first_batch(args):
    print("\n| resume | first batch after, s | first step after, s |\n|---|---|---|")
    flags = ["--train-data", args.many, "--val-fraction", 0, "--synthetic-step-ms", 1, "--max-steps"]
    with tempfile.TemporaryDirectory() as folder:
        run(args, *flags, 20, "--checkpoint-dir", folder)
        rows = [run(args, *flags, 20 + 10 * i, "--checkpoint-dir", folder, "--resume", "auto") for i in range(1, 4)]
    print(f"| {args.many} | {statistics.median(row['first_batch_s'] for row in rows):.2f} | "
          f"{statistics.median(row['startup_s'] for row in rows):.2f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feedline", default="build/release/bin/feedline")
    parser.add_argument("--photos")
    parser.add_argument("--many")
    parser.add_argument("--skip-saving", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    if not args.skip_saving:
        saving(args)
    takeover(args)
    if args.photos:
        isolation(args)
    if args.many:
        first_batch(args)


if __name__ == "__main__":
    main()
