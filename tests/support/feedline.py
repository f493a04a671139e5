"""Runs the feedline program for tests: one rank or several, with small made-up data or real data."""

import dataclasses
import gzip
import json
import os
import pathlib
import random
import shutil
import struct
import subprocess
import tempfile
import time
import unittest

PROGRAM = os.environ.get("FEEDLINE_PROGRAM", "build/release/bin/feedline")
FASHION_MNIST = pathlib.Path(os.environ.get("FEEDLINE_FASHION_MNIST", "/usr/share/datasets/fashion-mnist"))


@dataclasses.dataclass
class Result:
    code: int
    out: str
    err: str
    summary: dict | None
    seconds: float


def environment(**extra):
    env = dict(os.environ, **extra)
    if os.getuid() == 0:
        env.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    return env


def command(args, ranks=1, launcher=()):
    words = [PROGRAM, *map(str, args)]
    if ranks == 1 and not launcher:
        return words
    # Open MPI counts cores; tests run more ranks than that without minding.
    return ["mpirun", "--oversubscribe", "--bind-to", "none", "-np", str(ranks), *launcher, *words]


def run(args, ranks=1, launcher=(), timeout=120, env=None):
    """Runs to the end; the summary is read when the program wrote one."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "summary.json"
        if "--summary" not in args and "--train-data" in args:
            args = [*args, "--summary", file]
        begin = time.monotonic()
        done = subprocess.run(command(args, ranks, launcher), capture_output=True, text=True, timeout=timeout,
                              env=environment(**(env or {})), stdin=subprocess.DEVNULL)
        seconds = time.monotonic() - begin
        summary = json.loads(file.read_text()) if file.exists() else None
        return Result(done.returncode, done.stdout, done.stderr, summary, seconds)


def write_idx(path, dims, payload):
    """An IDX file of bytes; gzip when the name says so."""
    data = struct.pack(f">BBBB{len(dims)}I", 0, 0, 8, len(dims), *dims) + bytes(payload)
    with (gzip.open if str(path).endswith(".gz") else open)(path, "wb") as file:
        file.write(data)


def write_split(folder, prefix, count, classes=4, side=12, seed=0):
    """Pictures with a bright block whose place tells the class, so that a model can learn them."""
    rng = random.Random(seed)
    pixels, labels = bytearray(), bytearray()
    for _ in range(count):
        label = rng.randrange(classes)
        picture = bytearray(rng.randrange(60) for _ in range(side * side))
        for y in range(3, side - 3):
            for x in range(3):
                picture[y * side + 1 + label * (side - 4) // max(1, classes - 1) + x] = 220
        pixels += picture
        labels.append(label)
    write_idx(pathlib.Path(folder) / f"{prefix}-images-idx3-ubyte", (count, side, side), pixels)
    write_idx(pathlib.Path(folder) / f"{prefix}-labels-idx1-ubyte", (count,), labels)


class ProgramTest(unittest.TestCase):
    """A test case with a folder of small data: `self.data`, 1000 training and 130 validation pictures."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="feedline-test-"))
        cls.data = cls.folder / "data"
        cls.data.mkdir()
        write_split(cls.data, "train", 1000, seed=1)
        write_split(cls.data, "t10k", 130, seed=2)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def small(self, *extra, epochs=1):
        """Flags of a short run on the small data; those in `extra` win, and --model excludes --model-size."""
        flags = ["--train-data", self.data, "--model-size", "tiny", "--batch-size", "32", "--epochs", epochs,
                 "--train-threads", "1", "--model-start-delay", "0"]
        replaced = {*extra, *(["--model-size"] if "--model" in extra else [])}
        kept = [word for pair in zip(flags[::2], flags[1::2]) if pair[0] not in replaced for word in pair]
        return [*kept, *extra]

    def succeed(self, args, **kwargs):
        result = run(args, **kwargs)
        self.assertEqual(result.code, 0, result.err + result.out)
        self.assertEqual(result.summary["exit"], "done")
        return result
