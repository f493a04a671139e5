"""What a run takes: a rank that waits uses no CPU, and memory stays flat."""

import os
import re
import signal
import subprocess
import time
import unittest

from feedline import ProgramTest, command, environment
from processes import cpu_seconds, ranks_of, resident_bytes


def start(args, ranks):
    return subprocess.Popen(command(args, ranks=ranks), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            env=environment(), stdin=subprocess.DEVNULL)


class WaitingUsesNoCpu(ProgramTest):
    def share_while_peer_is_stopped(self, stopped, transport):
        """CPU share of a rank whose peer is held by SIGSTOP, once what was buffered is used up."""
        process = start(self.small("--synthetic-step-ms", 1, "--transport", transport, "--buffer-size", 8, epochs=100000), 2)
        try:
            for line in process.stdout:
                if "Model training starting now" in line:
                    break
            pids = ranks_of(process.pid)
            os.kill(pids[stopped], signal.SIGSTOP)
            time.sleep(1.0)
            before, begin = cpu_seconds(pids[1 - stopped]), time.monotonic()
            time.sleep(3.0)
            share = (cpu_seconds(pids[1 - stopped]) - before) / (time.monotonic() - begin)
        finally:
            for pid in ranks_of(process.pid).values():
                os.kill(pid, signal.SIGKILL)
            process.communicate(timeout=20)
        print(f"rank {1 - stopped} waiting over {transport}: {100 * share:.2f} % of a core")
        return share

    def test_model_rank_waits_for_data(self):
        for transport in ("shm", "mpi"):
            with self.subTest(transport=transport):
                self.assertLess(self.share_while_peer_is_stopped(0, transport), 0.02)

    def test_data_rank_waits_for_free_slots(self):
        for transport in ("shm", "mpi"):
            with self.subTest(transport=transport):
                self.assertLess(self.share_while_peer_is_stopped(1, transport), 0.02)


class MemoryStaysFlat(ProgramTest):
    def growth(self, ranks):
        """Bytes that each process of the run grew by from the end of epoch 2 to that of epoch 12."""
        process = start(self.small(epochs=13), ranks)
        sizes = {}
        for line in process.stdout:
            found = re.search(r"epoch (\d+)/13.*accuracy", line)
            if found and int(found.group(1)) in (2, 12):
                pids = [process.pid] if ranks == 1 else list(ranks_of(process.pid).values())
                sizes[int(found.group(1))] = [resident_bytes(pid) for pid in sorted(pids)]
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(len(sizes), 2, "epoch lines were not found in the output")
        return [last - first for first, last in zip(sizes[2], sizes[12])]

    def test_one_and_two_ranks(self):
        for ranks in (1, 2):
            with self.subTest(ranks=ranks):
                growth = self.growth(ranks)
                print(f"{ranks} rank(s): resident memory grew by {[g // 1024 for g in growth]} KiB from epoch 2 to 12")
                self.assertLess(max(growth), 4 << 20)


if __name__ == "__main__":
    unittest.main()
