#!/usr/bin/env python3
"""Interpreters that end in odd states, and Ctrl-C: clean, quick, nothing on standard output, no server left."""

import re
import signal
import subprocess
import sys
import unittest

from support import KINDS, environment, is_alive, run_script, wait_until

BEGIN = """
AS = "memoryview"
import sys, os, feedline
loader = feedline.Loader("photos", batch_size=4, buffer_size=5, as_=AS)
print("server", loader._feed._connection._process.pid, file=sys.stderr, flush=True)
"""

STATES = {
    "untouched": "",
    "in the middle of an epoch": "it = iter(loader); kept = [next(it), next(it)]",
    "by sys.exit in the loop": "for batch in loader: sys.exit(0)",
    "with batches in a cycle": "a = [next(iter(loader))]; a.append(a); b = {'self': loader, 'a': a}; b['b'] = b",
    "with a view in a builtin module": "sys.kept = next(iter(loader))['label'][1:]; sys.loader = loader",
    "with a thread that waits": """
import threading
def wait():
    for _ in loader: pass
    it = iter(loader); kept = []
    while True: kept.append(next(it))
threading.Thread(target=wait, daemon=True).start()
import time; time.sleep(0.1)
""",
    "within an iterator's frame": """
def generate():
    for batch in loader: yield batch
g = generate(); next(g)
""",
    "closed before": "kept = next(iter(loader)); loader.close()",
    "with a kept batch and no loader": "kept = next(iter(loader)); del loader",
    "with a forked child alive": """
it = iter(loader); kept = next(it)
if os.fork() == 0:
    import time; time.sleep(0.2); del kept; sys.exit(0)
next(it)
""",
}

USUAL = ("in the middle of an epoch", "with a view in a builtin module")


def server_in(text):
    return int(re.search(r"server (\d+)", text)[1])


class Interpreters(unittest.TestCase):
    def test_each_state_ends_clean(self):
        for state, script in STATES.items():
            for kind in KINDS if state in USUAL else ("memoryview",):
                with self.subTest(state, kind=kind):
                    done = run_script(BEGIN.replace("memoryview", kind) + script, delay=0.01)
                    self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
                    self.assertRegex(done.stderr, r"\Aserver \d+\n\Z")
                    self.assertTrue(wait_until(lambda: not is_alive(server_in(done.stderr)), 1))

    def test_a_killed_interpreter_leaves_no_server(self):
        for number in (signal.SIGKILL, signal.SIGTERM):
            with self.started(BEGIN + "for batch in loader: pass\nimport time; time.sleep(60)") as script:
                server = server_in(script.stderr.readline())
                script.send_signal(number)
                script.wait(10)
                self.assertTrue(wait_until(lambda: not is_alive(server), 1))

    def started(self, text):
        return subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, env=environment(FEEDLINE_STAND_IN='{"delay": 0.01}'))


class Interrupts(unittest.TestCase):
    def test_ctrl_c_ends_a_wait_and_the_loop_can_go_on(self):
        script = """
import os, signal, sys, threading, time
sys.path.insert(0, os.environ["PYTHONPATH"].split(os.pathsep)[1])
from support import loader, fault_of
before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGCHLD)
with loader({"delay": 0.4}, as_="memoryview") as batches:
    it = iter(batches)
    number, interrupts, slowest = 0, 0, 0.0
    while number < 7:
        sent = []
        def interrupt():
            sent.append(time.monotonic()); os.kill(os.getpid(), signal.SIGINT)
        timer = threading.Timer(0.15, interrupt); timer.start()
        try:
            batch = next(it)
            assert fault_of(batch, number) is None
            number += 1
            timer.join()
        except KeyboardInterrupt:
            slowest = max(slowest, time.monotonic() - sent[0]); interrupts += 1
        try:
            timer.join(); time.sleep(0.01)
        except KeyboardInterrupt:
            pass
    assert interrupts >= 5 and slowest < 0.1, (interrupts, slowest)
assert before == (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGCHLD))
"""
        done = run_script(script, timeout=60)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_ctrl_c_at_random_moments_loses_nothing(self):
        script = """
import os, random, signal, sys, threading, time
sys.path.insert(0, os.environ["PYTHONPATH"].split(os.pathsep)[1])
from support import loader, fault_of
rng = random.Random(3)
with loader({"delay": 0.0005}, as_="memoryview") as batches:
    done = threading.Event()
    def interrupt():
        for _ in range(60):
            time.sleep(rng.uniform(0, 0.02)); os.kill(os.getpid(), signal.SIGINT)
        done.set()
    thread = threading.Thread(target=interrupt); thread.start()
    number, fault = 0, None
    while not done.is_set():
        try:
            batches.load_state_dict(dict(batches.state_dict()))
            for batch in batches:
                state = batches.state_dict()
                taken = state["epoch"] * 7 + state["batch"] - 1
                fault = fault or fault_of(batch, taken) or (None if taken >= number else f"{taken} again")
                number = taken + 1
        except KeyboardInterrupt:
            pass
    assert fault is None, fault
"""
        done = run_script(script, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)

    def test_waiting_takes_no_cpu(self):
        script = """
import time
from support import loader
with loader({"delay": 0.5}) as batches:
    it = iter(batches); next(it)
    begin = time.process_time()
    for _ in range(4): next(it)
    assert time.process_time() - begin < 0.02, time.process_time() - begin
"""
        done = run_script(script, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))


class Imports(unittest.TestCase):
    def test_importing_takes_neither_torch_nor_numpy(self):
        done = run_script("""
import sys
before = set(sys.modules)
import feedline
late = {"torch", "numpy", "subprocess", "socket", "ctypes", "dataclasses"}
print(sorted(late & (set(sys.modules) - before)))
""")
        self.assertEqual((done.stdout, done.stderr), ("[]\n", ""))


if __name__ == "__main__":
    unittest.main()
