#!/usr/bin/env python3
"""How fast do recordings become log-mel batches, beside other loaders doing the same work on the same cores?

    mel_input_bench.py --recordings FOLDER [--rounds 3]

FOLDER is made by recordings.py, the rivals are installed by peers/setup.sh. All take turns in one run; the table shows
medians. A rival with variants counts with its best one.
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
PEERS = {"dali_mel": ["default"], "tf_data_mel": ["files", "batches"], "torchaudio_mel": ["workers", "main", "alone"]}
CORES = len(os.sched_getaffinity(0))


def run_peer(peer, variant, preset, args):
    words = [args.python, HERE / "peers" / f"{peer}.py", "--data", args.recordings / preset, "--mel-preset", preset,
             "--seconds", args.seconds, "--workers", CORES, "--variant", variant]
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=120 + 4 * args.seconds)
    try:
        return json.loads(done.stdout.strip().splitlines()[-1])
    except (IndexError, json.JSONDecodeError):
        raise SystemExit(f"{peer} failed:\n{done.stdout}{done.stderr}")


def run_feedline(preset, args):
    """As many epochs as the rivals have time; the rate is that of whole epochs, from the first step on."""
    folder = args.recordings / preset
    count = sum(1 for _ in folder.glob("*/*"))
    epochs = max(2, round(args.expected_rate[preset] * args.seconds / count))
    with tempfile.TemporaryDirectory() as output:
        summary = pathlib.Path(output) / "summary.json"
        words = [args.feedline, "train", "--train-data", folder, "--task", "audio", "--mel-preset", preset,
                 "--clip-seconds", 4, "--augment", "none", "--cache", "none", "--val-fraction", 0, "--batch-size", 32,
                 "--epochs", epochs, "--summary", summary, "--synthetic-step-ms", 0]
        subprocess.run(list(map(str, words)), capture_output=True, check=True)
        rate = json.loads(summary.read_text())["samples_per_s"]
    args.expected_rate[preset] = rate
    return rate


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recordings", type=pathlib.Path, required=True)
    parser.add_argument("--feedline", default=HERE.parent / "build/release/bin/feedline")
    parser.add_argument("--python", default=CACHE / "peers/bin/python")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--presets", nargs="*", default=["phone-8k", "hifigan-22k"])
    args = parser.parse_args()
    args.expected_rate = {"phone-8k": 9000, "hifigan-22k": 3000}
    print(f"{platform.processor() or platform.machine()}, {CORES} cores, {args.rounds} rounds, medians")
    for preset in args.presets:
        rates = {}
        for _ in range(args.rounds):
            rates.setdefault("feedline", []).append(run_feedline(preset, args))
            for peer, variants in PEERS.items():
                for variant in variants:
                    result = run_peer(peer, variant, preset, args)
                    rates.setdefault(f"{result['peer']} {result['version']}", []).append(result["samples_per_s"])
        medians = {who: statistics.median(values) for who, values in rates.items()}
        best = max(value for who, value in medians.items() if who != "feedline")
        print(f"\n| {preset}, 4 s | clips/s | of the best rival |\n|---|---|---|")
        for who, value in sorted(medians.items(), key=lambda item: -item[1]):
            print(f"| {who} | {value:.0f} | {value / best:.2f} |", flush=True)


if __name__ == "__main__":
    main()
