"""Death of a rank: the other ends within a second, names it, and nothing is left behind."""

import os
import signal
import subprocess
import time
import unittest

from feedline import ProgramTest, command, environment
from processes import alive, ranks_of


def ours_in_shared_memory():
    return {name for name in os.listdir("/dev/shm") if "feedline" in name}


class Kill(ProgramTest):
    def start(self, *flags):
        args = self.small("--synthetic-step-ms", 5, *flags, epochs=500)
        return subprocess.Popen(command(args, ranks=2), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env=environment(), stdin=subprocess.DEVNULL)

    def wait_for(self, process, text):
        for line in process.stdout:
            if text in line:
                return
        self.fail("ended early: " + process.stderr.read())

    def kill_one(self, victim, *flags, at="Model training starting now"):
        before = ours_in_shared_memory()
        process = self.start(*flags)
        try:
            self.wait_for(process, at)
            time.sleep(0.3)
            pids = ranks_of(process.pid)
            self.assertEqual(sorted(pids), [0, 1])
            os.kill(pids[victim], signal.SIGKILL)
            begin = time.monotonic()
            while alive(pids[1 - victim]) and time.monotonic() - begin < 10:
                time.sleep(0.002)
            seconds = time.monotonic() - begin
            _, err = process.communicate(timeout=20)
        finally:
            process.kill()
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
