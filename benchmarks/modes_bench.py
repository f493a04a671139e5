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
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    base = ["--train-data", options.data, "--model-size", "tiny", "--batch-size", 64, "--val-fraction", 0]

    def repeat(ranks, *flags):
        return [run(options.program, ranks, *base, *flags) for _ in range(options.repeat)]

    print("| consumer of 20 ms a batch | busy |\n|---|---|")
    for name, ranks in (("one rank", 1), ("two ranks", 2)):
        runs = repeat(ranks, "--synthetic-step-ms", 20, "--max-steps", 300, "--epochs", 2)
        print(f"| {name} | {100 * median_of(runs, 'busy'):.2f} % |")

    steps = 400
    one_each = ["--train-threads", 1, "--num-workers", 1, "--max-steps", steps]
    input_alone = median_of(repeat(2, *one_each, "--synthetic-step-ms", 0, "--buffer-size", 50), "wall_s")
    # The buffer holds the whole run and is full before training starts, so the data rank is idle meanwhile.
    training_alone = median_of(repeat(2, *one_each, "--buffer-size", steps, "--model-start-delay", 2), "wall_s")
    rows = []
    for name, ranks in (("one rank", 1), ("two ranks", 2)):
        wall = median_of(repeat(ranks, *one_each, "--buffer-size", 50, "--model-start-delay", 0), "wall_s")
        rows.append((name, wall, max(input_alone, training_alone) / wall))
    print(f"\n{steps} steps of the tiny model, one worker, one training thread: input alone {input_alone:.2f} s, "
          f"training alone {training_alone:.2f} s")
    print("\n| mode | wall | max(input, training) / wall |\n|---|---|---|")
    for name, wall, ratio in rows:
        print(f"| {name} | {wall:.2f} s | {ratio:.3f} |")


if __name__ == "__main__":
    main()
