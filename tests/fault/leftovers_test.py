"""Runs that are ended at any moment leave nothing behind: no process, no memory, no file."""

import os
import pathlib
import random
import signal
import subprocess
import time
import unittest

from feedline import ProgramTest, command, environment

# Aborts at moments drawn at random; all of them: FEEDLINE_ABORTS=100.
ABORTS = int(os.environ.get("FEEDLINE_ABORTS", "12"))


def with_mark(mark):
    """Processes that were started with this mark in their environment, and still are."""
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "environ").read_bytes() and b") Z" not in (folder / "stat").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def traces(temporary):
    """What a run could leave in the places that outlive it, but for what Open MPI itself keeps there."""
    shared = {f"/dev/shm/{name}" for name in os.listdir("/dev/shm") if "feedline" in name}
    return shared | {str(path) for path in temporary.iterdir() if not path.name.startswith(("ompi.", "pmix", "openmpi"))}


class Leftovers(ProgramTest):
    def test_nothing_is_left_by_aborts_at_any_moment(self):
        random.seed(3)
        checkpoints = self.folder / "checkpoints"
        temporary = self.folder / "tmp"
        temporary.mkdir()
        before = traces(temporary)
        for abort in range(ABORTS):
            ranks = random.choice([1, 2])
            mark = f"FEEDLINE_ABORT={os.getpid()}-{abort}"
            args = self.small("--checkpoint-dir", checkpoints, "--resume", "auto", "--checkpoint-every-steps", "3",
                              epochs=50)
            env = environment(FEEDLINE_FAULT="slow-read:1ms")
            env["TMPDIR"] = str(temporary)
            env[mark.split("=")[0]] = mark.split("=")[1]
            process = subprocess.Popen(command(args, ranks), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                       env=env, stdin=subprocess.DEVNULL)
            time.sleep(random.uniform(0.05, 1.6))
            victims = with_mark(mark)  # the launcher, or one of the ranks
            if victims:
                try:
                    os.kill(random.choice(victims), random.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGABRT]))
                except ProcessLookupError:
                    pass
            end = time.monotonic() + 20
            if process.poll() is None and ranks == 1:
                process.wait(timeout=20)
            while with_mark(mark) and time.monotonic() < end:
                process.poll()
                time.sleep(0.05)
            self.assertEqual(with_mark(mark), [], f"abort {abort} left processes")
            process.wait(timeout=5)
            self.assertEqual(traces(temporary) - before, set(), f"abort {abort}")
        done = self.succeed(self.small("--checkpoint-dir", checkpoints, "--resume", "auto", epochs=50))
        self.assertEqual(done.summary["epochs"], 50)
        self.assertEqual(list(checkpoints.glob(".feedline-tmp-*")), [])
        print(f"{ABORTS} aborts")


if __name__ == "__main__":
    unittest.main()
