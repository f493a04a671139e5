"""The GPU's memory in use does not grow while training goes on; read from outside the program."""

import subprocess
import time
import unittest

import gpu
from feedline import ProgramTest, command, environment

STEPS = 1000
# What the driver may take for itself at any time; a leak of a batch a step would be a thousand times that.
ALLOWED = 2 << 20


class Memory(ProgramTest):
    def check(self, ranks, *flags):
        args = self.small("--device", "cuda", "--model-size", "small", "--max-steps", STEPS, *flags, epochs=1000)
        with gpu.MemoryWatch() as watch:
            process = subprocess.Popen(command(args, ranks), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                       env=environment(), stdin=subprocess.DEVNULL)
            out, err = process.communicate(timeout=200)
            end = time.monotonic()
        self.assertEqual(process.returncode, 0, err + out)
        most = max(used for _, used in watch.seen)
        # Training: from when nearly all of the memory was first in use, to the program's end.
        begin = next(at for at, used in watch.seen if used > most - (64 << 20))
        while_training = [used for at, used in watch.seen if begin + 0.25 * (end - begin) < at < begin + 0.9 * (end - begin)]
        self.assertGreater(len(while_training), 10, "training was too short to be watched")
        growth = while_training[-1] - while_training[0]
        gpu.figure(f"growth of the GPU's memory in use, {STEPS} steps, {ranks} rank(s)",
                   f"{growth / 2**20:.1f} MiB, of {(most - watch.seen[0][1]) / 2**20:.0f}")
        self.assertLessEqual(growth, ALLOWED)

    def test_one_rank(self):
        self.check(1)

    def test_two_ranks(self):
        self.check(2, "--transport", "shm")


if __name__ == "__main__":
    gpu.main()
