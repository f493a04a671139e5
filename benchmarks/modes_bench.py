#!/usr/bin/env python3
"""How busy training is kept, in both modes; every ratio is of runs made one after the other on this machine.

    benchmarks/modes_bench.py [--program build/release/bin/feedline] [--data /usr/share/datasets/fashion-mnist]

See benchmarks/README.md for what each number means.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import tempfile


def run(program, ranks, *flags):
    env = dict(os.environ)
    if os.getuid() == 0:
        env.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    with tempfile.TemporaryDirectory() as folder:
        summary = pathlib.Path(folder) / "summary.json"
        words = [program, *map(str, flags), "--summary", summary]
        if ranks > 1:
            words = ["mpirun", "--bind-to", "none", "-np", str(ranks), *words]
        subprocess.run(words, check=True, env=env, stdout=subprocess.DEVNULL)
        return json.loads(summary.read_text())


def median_of(runs, key):
    return statistics.median(run[key] for run in runs)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="build/release/bin/feedline")
    parser.add_argument("--data", default="/usr/share/datasets/fashion-mnist")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    base = ["--train-data", options.data, "--model-size", "tiny", "--batch-size", 64, "--val-fraction", 0]

    print("| consumer of 20 ms a batch | busy |\n|---|---|")
    for name, ranks in (("one rank", 1), ("two ranks", 2)):
        runs = [run(options.program, ranks, *base, "--synthetic-step-ms", 20, "--max-steps", 300) for _ in range(3)]
        print(f"| {name} | {100 * median_of(runs, 'busy'):.2f} % |")

    steps = 400
    one_each = ["--train-threads", 1, "--num-workers", 1, "--max-steps", steps]
    variants = {
        "input alone": (2, "--synthetic-step-ms", 0, "--buffer-size", 50),
        # The buffer holds the whole run and is full before training starts, so the data rank is idle meanwhile.
        "training alone": (2, "--buffer-size", steps, "--model-start-delay", 2),
        "one rank": (1, "--buffer-size", 50),
        "two ranks": (2, "--buffer-size", 50, "--model-start-delay", 0),
    }
    # In rounds, so that the machine's moods meet all variants alike.
    runs = {name: [] for name in variants}
    for _ in range(options.rounds):
        for name, (ranks, *flags) in variants.items():
            runs[name].append(run(options.program, ranks, *base, *one_each, *flags))
    walls = {name: median_of(runs[name], "wall_s") for name in variants}
    input_alone, training_alone = walls["input alone"], walls["training alone"]
    rows = [(name, walls[name], max(input_alone, training_alone) / walls[name]) for name in ("one rank", "two ranks")]
    print(f"\n{steps} steps of the tiny model, one worker, one training thread: input alone {input_alone:.2f} s, "
          f"training alone {training_alone:.2f} s")
    print("\n| mode | wall | max(input, training) / wall |\n|---|---|---|")
    for name, wall, ratio in rows:
        print(f"| {name} | {wall:.2f} s | {ratio:.3f} |")


if __name__ == "__main__":
    main()
