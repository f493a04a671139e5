"""Death of a rank: the other ends within a second, names it, and nothing is left behind."""

import os
import signal
import subprocess
import time
import unittest

from feedline import ProgramTest, command, environment
from processes import kill_a_rank, ranks_of


def ours_in_shared_memory():
    return {name for name in os.listdir("/dev/shm") if "feedline" in name}


class Kill(ProgramTest):
    def words(self, *flags):
        return command(self.small("--synthetic-step-ms", 5, *flags, epochs=500), ranks=2)

    def start(self, *flags):
        return subprocess.Popen(self.words(*flags), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env=environment(), stdin=subprocess.DEVNULL)

    def wait_for(self, process, text):
        for line in process.stdout:
            if text in line:
                return
        self.fail("ended early: " + process.stderr.read())

    def kill_one(self, victim, *flags, at="Model training starting now"):
        before = ours_in_shared_memory()
        seconds, err = kill_a_rank(self.words(*flags), victim, environment(), at=at)
        print(f"rank {1 - victim} ended {seconds * 1000:.0f} ms after rank {victim} was killed ({' '.join(flags)})")
        self.assertLess(seconds, 1.0, err)
        self.assertIn(f"Lost rank {victim}", err)
        self.assertEqual(err.count("error:"), 1, err)
        self.assertNotIn("MPI_ABORT", err)
        self.assertEqual(ours_in_shared_memory(), before)

    def test_data_rank_over_shm(self):
        self.kill_one(0, "--transport", "shm")

    def test_model_rank_over_shm(self):
        self.kill_one(1, "--transport", "shm")

    def test_data_rank_over_mpi(self):
        self.kill_one(0, "--transport", "mpi")

    def test_model_rank_over_mpi(self):
        self.kill_one(1, "--transport", "mpi")

    def test_data_rank_before_the_first_batch(self):
        self.kill_one(0, "--model-start-delay", "30", at="Waiting 30.0s")

    def test_model_rank_before_the_first_batch(self):
        self.kill_one(1, "--model-start-delay", "30", at="Waiting 30.0s")

    def test_stop_on_request(self):
        for number in (signal.SIGTERM, signal.SIGUSR1):
            with self.subTest(signal=number):
                process = self.start("--summary", self.folder / "stopped.json")
                self.wait_for(process, "Model training starting now")
                time.sleep(0.3)
                os.kill(ranks_of(process.pid)[1], number)
                _, err = process.communicate(timeout=20)
                self.assertEqual(process.returncode, 75, err)
                self.assertIn('"exit": "stopped"', (self.folder / "stopped.json").read_text())


if __name__ == "__main__":
    unittest.main()
