#!/usr/bin/env python3
"""How fast are photographs read, beside other loaders doing the same work on the same cores?

    input_bench.py --photos FOLDER [--rounds 3] [--busy]

FOLDER is made by photos.py, the rivals are installed by peers/setup.sh. All take turns in one run; the table shows
medians. With --busy: how busy is a consumer kept that holds each batch 40 ms?
"""

import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import tempfile

HERE = pathlib.Path(__file__).parent
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "feedline"
PEERS = ["tf_data", "tf_data_aliased", "dali_cpu", "torchvision_loader", "spdl_loader"]
CORES = len(os.sched_getaffinity(0))


def run_peer(peer, photos, args):
    words = [args.python, HERE / "peers" / f"{peer}.py", "--data", photos, "--image-size", args.image_size,
             "--seconds", args.seconds, "--workers", CORES]
    if args.busy:
        words += ["--step-ms", args.step_ms]
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=120 + 4 * args.seconds)
    try:
        return json.loads(done.stdout.strip().splitlines()[-1])
    except (IndexError, json.JSONDecodeError):
        raise SystemExit(f"{peer} failed:\n{done.stdout}{done.stderr}")


def as_ranks(ranks):
    return [] if ranks == 1 else ["mpirun", "--oversubscribe", "--bind-to", "none", "-np", str(ranks)]


def run_feedline(photos, args, ranks, *flags):
    """As many epochs as the rivals have time; the rate is that of whole epochs, from the first step on."""
    count = sum(1 for _ in photos.glob("*/*"))
    rate = 1500 if args.busy else args.expected_rate[photos.name]
    epochs = max(1, round(rate * args.seconds / count))
    with tempfile.TemporaryDirectory() as folder:
        summary = pathlib.Path(folder) / "summary.json"
        words = [*as_ranks(ranks), args.feedline, "train", "--train-data", photos, "--val-fraction", 0, "--image-size", args.image_size,
                 "--augment", "basic", "--batch-size", 64, "--epochs", epochs, "--summary", summary,
                 "--synthetic-step-ms", args.step_ms if args.busy else 0, *flags]
        env = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
        subprocess.run(list(map(str, words)), capture_output=True, check=True, env=env)
        figures = json.loads(summary.read_text())
    args.expected_rate[photos.name] = figures["samples_per_s"]
    return figures


def table(name, figures, key, of_best):
    medians = {who: statistics.median(values) for who, values in figures.items()}
    best = max(value for who, value in medians.items() if who not in of_best and "not antialiased" not in who)
    print(f"\n| {name} | {key} | of the best rival that does the same |\n|---|---|---|")
    for who, value in sorted(medians.items(), key=lambda item: -item[1]):
        shown = f"{value:.3f}" if value <= 1 else f"{value:.0f}"
        print(f"| {who} | {shown} | {value / best:.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=pathlib.Path, required=True)
    parser.add_argument("--feedline", default=HERE.parent / "build/release/bin/feedline")
    parser.add_argument("--python", default=CACHE / "peers/bin/python")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--image-size", type=int, default=224)
    parser.add_argument("--peers", nargs="*", default=PEERS)
    parser.add_argument("--sets", nargs="*", default=["small", "large"])
    parser.add_argument("--busy", action="store_true")
    parser.add_argument("--step-ms", type=float, default=40)
    args = parser.parse_args()
    args.expected_rate = {"small": 3000, "large": 500}
    key = "busy" if args.busy else "samples_per_s"
    peers = ["plain_loop", *args.peers] if args.busy else args.peers
    kinds = {"feedline": [1, "--cache", "none"]}
    if args.busy:
        kinds = {"feedline, buffer 50": [1], "feedline, buffer 100": [1, "--buffer-size", 100],
                 "feedline, buffer 50, no cache": [1, "--cache", "none"], "feedline, two ranks": [2]}

    print(f"{platform.processor() or platform.machine()}, {CORES} cores, {args.rounds} rounds, medians")
    for photos in (args.photos / name for name in args.sets):
        figures = {}
        for _ in range(args.rounds):
            for kind, flags in kinds.items():
                figures.setdefault(kind, []).append(run_feedline(photos, args, *flags)[key])
            for peer in peers:
                result = run_peer(peer, photos, args)
                figures.setdefault(f"{result['peer']} {result['version']}", []).append(result[key])
        table(photos.name, figures, key, kinds)


if __name__ == "__main__":
    main()
