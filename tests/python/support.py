"""Loaders of the stand-in server for tests, and what its batches must hold."""

import contextlib
import importlib.util
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
PACKAGE = HERE.parent.parent / "python"
STAND_IN = HERE / "stand_in_server.py"
REAL_PROGRAM = os.environ.get("FEEDLINE_PROGRAM")

sys.path[:0] = [str(PACKAGE), str(HERE)]
os.environ["FEEDLINE_PROGRAM"] = str(STAND_IN)

import feedline  # noqa: E402
from stand_in_server import SIDES, sample_of  # noqa: E402

KINDS = [kind for kind in ("torch", "numpy") if importlib.util.find_spec(kind)] + ["memoryview"]


@contextlib.contextmanager
def told(**tell):
    """The stand-in servers that are started within do as they are told."""
    os.environ["FEEDLINE_STAND_IN"] = json.dumps(tell)
    try:
        yield
    finally:
        os.environ.pop("FEEDLINE_STAND_IN", None)


@contextlib.contextmanager
def loader(tell=None, **arguments):
    """A loader of 100 samples in 7 batches of 16, the last of 4, unless something else is asked for."""
    arguments.setdefault("batch_size", 16)
    arguments.setdefault("buffer_size", 5)
    with told(**(tell or {})), feedline.Loader("photos", **arguments) as made:
        yield made


def bytes_of(tensor):
    """The bytes of a tensor of any kind."""
    return (tensor.numpy() if hasattr(tensor, "numpy") else tensor).tobytes()


def ids_of(batch):
    return batch["sample_id"].tolist()


def ids_of_epoch(epoch, samples=100, shuffle=True):
    return [sample_of(samples, epoch, place, shuffle) for place in range(samples)]


def fault_of(batch, number, samples=100, batch_size=16, shuffle=True):
    """Returns what is wrong with a batch of that number, None when each byte of it is right."""
    per_epoch = -(-samples // batch_size)
    epoch, place = divmod(number, per_epoch)
    ids = ids_of_epoch(epoch, samples, shuffle)[place * batch_size:(place + 1) * batch_size]
    size = 3 * SIDES[number % 2] ** 2
    if ids_of(batch) != ids:
        return f"batch {number}: samples {ids_of(batch)}, not {ids}"
    if batch["label"].tolist() != [sample % 10 for sample in ids]:
        return f"batch {number}: labels"
    if bytes_of(batch["image"]) != b"".join(bytes([(sample + epoch) % 256]) * size for sample in ids):
        return f"batch {number}: pixels"
    return None


def environment(**more):
    return dict(os.environ, PYTHONPATH=os.pathsep.join([str(PACKAGE), str(HERE)]), **more)


def run_script(text, timeout=30, **tell):
    """Runs a script in an interpreter of its own."""
    return subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=timeout,
                          env=environment(FEEDLINE_STAND_IN=json.dumps(tell)))


def is_alive(process):
    """Says whether a process exists and is no zombie."""
    try:
        state = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_until(condition, seconds=10.0):
    """Returns whether the condition came true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.01)
    return condition()


def server_killer(batches, rng, kills, longest):
    """A thread, not yet started, that kills the loader's server again and again, each time after up to `longest`
    seconds, and waits for the next one; and the event that says when it is done."""
    done = threading.Event()

    def kill():
        for _ in range(kills):
            done.wait(rng.uniform(0, longest))
            connection = batches._feed._connection
            if connection is not None:
                os.kill(connection._process.pid, signal.SIGKILL)
            wait_until(lambda: batches._feed._connection not in (None, connection), 5)
        done.set()

    return threading.Thread(target=kill), done
