"""compute-sanitizer finds nothing: wrong accesses in the device tests and in a short training, races in their kernels."""

import os
import pathlib
import shutil
import subprocess
import unittest

import gpu
from feedline import PROGRAM, ProgramTest, environment

SANITIZER = shutil.which("compute-sanitizer") or "/usr/local/cuda/bin/compute-sanitizer"
FOUND = 99
# Programs that run what devices do, as CMake lists them.
DEVICE_TESTS = [name for name in os.environ.get("FEEDLINE_DEVICE_TESTS", "").split(":") if name]


@unittest.skipUnless(os.access(SANITIZER, os.X_OK), "there is no compute-sanitizer")
class Sanitizer(ProgramTest):
    def check(self, tool, words, timeout=150):
        # Calls of CUDA may fail where a test or torch tries something: only wrong accesses count. Races are looked for in
        # our own kernels.
        quiet = ["--report-api-errors", "no"] if tool == "memcheck" else ["--kernel-name", "kernel_substring=feedline"]
        done = subprocess.run([SANITIZER, "--tool", tool, *quiet, "--target-processes", "all",
                               "--error-exitcode", str(FOUND), *map(str, words)], capture_output=True, text=True,
                              timeout=timeout, env=environment(FEEDLINE_TEST_DEVICE="cuda:0"), stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0, done.stdout[-6000:] + done.stderr[-2000:])
        self.assertIn("ERROR SUMMARY: 0 errors" if tool != "racecheck" else "RACECHECK SUMMARY: 0 hazards", done.stdout)

    def on_device_tests(self, tool):
        self.assertTrue(DEVICE_TESTS, "FEEDLINE_DEVICE_TESTS names no test")
        for program in DEVICE_TESTS:
            with self.subTest(program=pathlib.Path(program).name):
                self.check(tool, [program])
        gpu.figure(f"compute-sanitizer {tool}, {len(DEVICE_TESTS)} programs of device tests", "clean")

    def test_memcheck_of_the_device_tests(self):
        self.on_device_tests("memcheck")

    def test_racecheck_of_the_device_tests(self):
        self.on_device_tests("racecheck")

    @unittest.skipIf(gpu.QUICK, "takes minutes")
    def test_memcheck_of_a_short_training(self):
        flags = self.small("--device", "cuda", "--max-steps", 3)
        self.check("memcheck", [PROGRAM, *flags], timeout=400)
        gpu.figure("compute-sanitizer memcheck, 3 steps of training", "clean")


if __name__ == "__main__":
    gpu.main()
