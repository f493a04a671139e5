#!/usr/bin/env python3
"""Trains for minutes or hours while a fault happens every ten seconds; the losses must be those of a quiet run.

    soak.py [--minutes 20] [--every 10] [--seed 1]

Faults: either rank killed, stopped for 3 s, asked to stop; bits flipped between the ranks, reads that fail or are slow,
a full disk at a save. What has ended goes on from the newest checkpoint. FEEDLINE_PROGRAM names the program.
"""

import argparse
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from feedline import PROGRAM, environment, run, write_split

LIB = pathlib.Path(__file__).resolve().parents[2] / "launch/lib.sh"
EPOCHS_PER_MINUTE = 45
DIGESTS = ("sample_digest", "loss_digest", "steps", "samples")


def our_ranks():
    """Process ids by rank of what this process has started, however deep below."""
    mine, found = f"FEEDLINE_SOAK={os.getpid()}".encode(), {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "environ").read_bytes().split(b"\0")
            if mine in words and b"feedline" in (folder / "comm").read_bytes():
                found.update({int(word.split(b"=")[1]): int(folder.name) for word in words
                              if word.startswith(b"OMPI_COMM_WORLD_RANK=")})
        except OSError:
            continue
    return found


class Soak:
    def __init__(self, folder, minutes, every, seed):
        self.folder, self.every = folder, every
        self.random = random.Random(seed)
        self.counts = {}
        data = folder / "data"
        data.mkdir()
        write_split(data, "train", 1000, seed=1)
        write_split(data, "t10k", 130, seed=2)
        epochs = max(2, int(minutes * EPOCHS_PER_MINUTE))
        self.flags = ["--train-data", data, "--model-size", "tiny", "--batch-size", "32", "--epochs", epochs,
                      "--train-threads", "1", "--model-start-delay", "0", "--seed", seed]
        self.summary = folder / "summary.json"

    def note(self, fault):
        self.counts[fault] = self.counts.get(fault, 0) + 1

    def plan(self):
        """What happens inside the program, from batch to batch."""
        batches = sorted(self.random.sample(range(10, 3000), 6))
        return "; ".join(["slow-read:2ms", "eio:every=97", f"enospc@save={self.random.randrange(2, 9)}",
                          *(f"flip:batch={batch}" for batch in batches)])

    def start(self, ranks):
        transport = self.random.choice(["shm", "mpi"]) if ranks == 2 else "auto"
        args = [*self.flags, "--transport", transport, "--checkpoint-dir", self.folder / "checkpoints", "--resume",
                "auto", "--checkpoint-every-steps", "50", "--summary", self.summary]
        words = ["bash", "-c", f". {LIB}; mpirun_here {ranks} \"$@\"", "soak", PROGRAM, *map(str, args)]
        return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=open(self.folder / "log", "a"),
                                env=environment(FEEDLINE_FAULT=self.plan(), FEEDLINE_SOAK=str(os.getpid())),
                                stdin=subprocess.DEVNULL, start_new_session=True)

    def disturb(self):
        pids = our_ranks()
        if not pids:
            return
        rank = self.random.choice(sorted(pids))
        fault = self.random.choice(["kill", "kill", "stop 3 s", "asked to stop"])
        try:
            if fault == "kill":
                os.kill(pids[rank], signal.SIGKILL)
            elif fault == "asked to stop":
                os.kill(pids[rank], signal.SIGTERM)
            else:
                os.kill(pids[rank], signal.SIGSTOP)
                time.sleep(3)
                os.kill(pids[rank], signal.SIGCONT)
        except ProcessLookupError:
            return
        self.note(f"rank {rank}: {fault}")

    def run_disturbed(self, limit):
        end, runs = time.monotonic() + limit, 0
        while time.monotonic() < end:
            runs += 1
            self.summary.unlink(missing_ok=True)
            process = self.start(self.random.choice([1, 2, 2, 2]))
            next_fault = time.monotonic() + self.every
            while process.poll() is None:
                time.sleep(0.1)
                if time.monotonic() >= next_fault:
                    self.disturb()
                    next_fault = time.monotonic() + self.every
            code = process.returncode
            self.note(f"ended with {code}")
            if self.summary.exists() and json.loads(self.summary.read_text())["epochs"] == self.flags[7]:
                if json.loads(self.summary.read_text())["exit"] == "done" or code == 1:
                    return runs
            if code not in (1, 5, 75):
                raise SystemExit(f"ended with {code}:\n" + (self.folder / "log").read_text()[-3000:])
        raise SystemExit("did not come to its end:\n" + (self.folder / "log").read_text()[-3000:])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--every", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="feedline-soak-"))
    try:
        soak = Soak(folder, options.minutes, options.every, options.seed)
        quiet = run(soak.flags, timeout=3600)
        assert quiet.code == 0, quiet.err
        begin = time.monotonic()
        runs = soak.run_disturbed(limit=60 + options.minutes * 60 * 4)
        summary = json.loads(soak.summary.read_text())
        minutes = (time.monotonic() - begin) / 60
        print(f"{minutes:.1f} minutes, {runs} runs, {summary['steps']} steps; {soak.counts}")
        wrong = [name for name in DIGESTS if summary[name] != quiet.summary[name]]
        if wrong:
            print({name: (summary[name], quiet.summary[name]) for name in wrong})
            sys.exit("not the losses of a quiet run")
        print("the losses of a quiet run, bit by bit:", summary["loss_digest"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
