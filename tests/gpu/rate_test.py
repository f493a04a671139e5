"""Streaming input costs the GPU next to nothing: rates of both modes beside that with all batches in memory.

The rate with cached batches is that of the same run with a buffer that holds every batch of it and a start delay in which
that fills: nothing is decoded while it trains, and all else, the copies to the GPU included, is as ever. Rates vary, and
other programs may run on the machine, so the test itself only fails on a difference that is no chance; what was measured
is printed, and compared with the goal of 0.97.
"""

import statistics
import unittest

import gpu
from feedline import FASHION_MNIST, ProgramTest
from pictures import write_pictures

ROUNDS = 1 if gpu.QUICK else 3
GOAL = 0.97
MARGIN = 0.75


class Rates(ProgramTest):
    def rate(self, *flags, ranks):
        summary = self.succeed(flags, ranks=ranks, timeout=180).summary
        self.assertTrue(summary["devices"]["model"].startswith("cuda"), summary["devices"])
        return summary

    def check(self, name, data, steps, *flags):
        base = ["--train-data", data, "--val-fraction", 0, "--device", "cuda", "--batch-size", 64, "--max-steps", steps,
                "--epochs", 100000, *flags]
        variants = {
            "cached": (2, ["--transport", "shm", "--buffer-size", steps, "--model-start-delay", 8]),
            "one rank, buffered": (1, ["--buffer-size", 50]),
            "two ranks, shm": (2, ["--transport", "shm", "--buffer-size", 50, "--model-start-delay", 2]),
        }
        runs = {variant: [] for variant in variants}
        for _ in range(ROUNDS):  # in turns, so that the machine's moods meet all alike
            for variant, (ranks, more) in variants.items():
                runs[variant].append(self.rate(*base, *more, ranks=ranks))
        rates = {variant: statistics.median(run["samples_per_s"] for run in of) for variant, of in runs.items()}
        waited = max(run["data_wait_s"] / run["wall_s"] for run in runs["cached"])
        self.assertLess(waited, 0.03, "the run with cached batches waited for data: its buffer was not full")
        gpu.figure(f"{name}: samples/s with cached batches", f"{rates['cached']:.0f}")
        for variant in list(variants)[1:]:
            ratio = rates[variant] / rates["cached"]
            busy = statistics.median(run["busy"] for run in runs[variant])
            gpu.figure(f"{name}, {variant}: of the rate with cached batches (goal {GOAL})",
                       f"{ratio:.3f}{'' if ratio >= GOAL else ' MISSED'}, busy {busy:.4f}")
            self.assertGreater(ratio, MARGIN, variant)

    def test_fashion_mnist(self):
        self.check("Fashion-MNIST, small", FASHION_MNIST, 600 if gpu.QUICK else 2000, "--model-size", "small")

    def test_larger_pictures(self):
        pictures = self.folder / "pictures"
        kind = write_pictures(pictures, 512)
        self.check(f"500x375 ({kind}) to 224, small", pictures, 100 if gpu.QUICK else 200, "--model-size", "small")


if __name__ == "__main__":
    gpu.main()
