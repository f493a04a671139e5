"""Limits of the system that are too small for a run: one message that names the limit, one code, at once."""

import os
import pathlib
import shutil
import subprocess
import unittest

from feedline import PROGRAM, ProgramTest, command, environment

PIDS = pathlib.Path("/sys/fs/cgroup/pids")
SOMEBODY = 54321


class Limits(ProgramTest):
    def run_under(self, shell, ranks, *flags, timeout=60):
        words = [*map(str, command(self.small("--max-steps", 3, *flags), ranks))]
        done = subprocess.run(["bash", "-c", f'{shell}; exec "$@"', "limited", *words], capture_output=True, text=True,
                              timeout=timeout, env=environment(HOME=str(self.folder)), stdin=subprocess.DEVNULL)
        return done.returncode, done.stderr

    def refuse(self, result, *named):
        code, err = result
        self.assertEqual(code, 2, err)
        for words in named:
            self.assertIn(words, err)
        self.assertEqual(err.count("error:"), 1, err)
        for accident in ("terminate called", "stoi", "libgomp", "Signal"):
            self.assertNotIn(accident, err)


class FileSizes(Limits):
    def test_a_limit_on_the_size_of_files_is_told_as_a_full_disk_is(self):
        folder = self.folder / "limited"
        code, err = self.run_under("ulimit -f 60", 1, "--checkpoint-dir", folder)
        self.assertEqual(code, 1, err)
        self.assertIn("could not be written", err)
        self.assertIn("File too large", err)
        self.assertEqual(list(folder.glob("step-*")), [])


class Threads(Limits):
    def setUp(self):
        self.group = PIDS / f"feedline-test-{os.getpid()}"
        try:
            self.group.mkdir()
        except OSError:
            self.skipTest("no cgroup of processes can be made here")

    def tearDown(self):
        if self.group.exists():
            self.group.rmdir()

    def limited_to(self, count, ranks):
        (self.group / "pids.max").write_text(str(count))
        return self.run_under(f"echo $$ > {self.group}/cgroup.procs", ranks)

    def test_of_one_rank(self):
        for count in (1, 3, 6):
            with self.subTest(count=count):
                self.refuse(self.limited_to(count, 1), "threads are needed", f"pids.max of {self.group} is {count}")

    def test_of_two_ranks(self):
        for count in (8, 12, 13, 14, 16, 18, 20):
            with self.subTest(count=count):
                code, err = self.limited_to(count, 2)
                self.assertEqual(code, 2, err)
                self.assertIn(f"pids.max of {self.group} is {count}", err)
                for accident in ("terminate called", "stoi", "libgomp", "Signal"):
                    self.assertNotIn(accident, err)

    def test_enough_is_enough(self):
        for ranks, count in ((1, 80), (2, 120)):
            code, err = self.limited_to(count * (os.cpu_count() or 1), ranks)
            self.assertEqual(code, 0, err)


class Memory(Limits):
    """In a cgroup whose limit is that of the one above it."""

    def setUp(self):
        own = next((line.split(":")[2].strip() for line in pathlib.Path("/proc/self/cgroup").read_text().splitlines()
                    if ":memory:" in line), "")
        self.group = pathlib.Path(f"/sys/fs/cgroup/memory{own}") / f"feedline-test-{os.getpid()}"
        try:
            (self.group / "inner").mkdir(parents=True)
            (self.group / "memory.limit_in_bytes").write_text("350M")
        except OSError:
            self.skipTest("no cgroup of memory can be made here")

    def tearDown(self):
        for folder in (self.group / "inner", self.group):
            if folder.exists():
                folder.rmdir()

    def test_who_is_left_says_why_the_other_was_ended(self):
        words = [*map(str, command([*self.small("--model-size", "big", "--batch-size", "512", epochs=50)], 2,
                                   ["--enable-recovery"]))]
        done = subprocess.run(["bash", "-c", f'echo $$ > {self.group}/inner/cgroup.procs; exec "$@"', "limited", *words],
                              capture_output=True, text=True, timeout=60, env=environment(), stdin=subprocess.DEVNULL)
        self.assertIn("of memory are left for model and training", done.stderr)
        self.assertRegex(done.stderr, r"Lost rank 1 .* The kernel has ended a process for want of memory: "
                         r"memory.limit_in_bytes of " + str(self.group) + r" is 350.0 MiB. Give the job more memory")


class OfTheProcess(Limits):
    @unittest.skipUnless(os.getuid() == 0 and shutil.which("setpriv"), "becomes another user, which takes root")
    def test_processes_of_a_user(self):
        """Of a user without privileges, but that files may be read wherever they are."""
        reads = "+dac_override"
        words = ["setpriv", f"--reuid={SOMEBODY}", f"--regid={SOMEBODY}", "--clear-groups", f"--inh-caps=-all,{reads}",
                 f"--ambient-caps={reads}", f"--bounding-set=-all,{reads}", "bash", "-c", 'ulimit -u 4; exec "$@"', "limited",
                 PROGRAM, *map(str, self.small("--max-steps", 3))]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
                              env=environment(HOME="/nonexistent"))
        self.refuse((done.returncode, done.stderr), "RLIMIT_NPROC (ulimit -u) is 4")

    def test_open_files(self):
        for count in (12, 40):
            self.refuse(self.run_under(f"ulimit -n {count}", 1), f"RLIMIT_NOFILE (ulimit -n) is {count}")
        self.refuse(self.run_under("ulimit -n 50", 2), "RLIMIT_NOFILE (ulimit -n) is 50")
        code, err = self.run_under("ulimit -Sn 40", 1)
        self.assertEqual(code, 0, "a soft limit is raised: " + err)

    def too_little(self, flag, name, low):
        """Whatever is too little, from what the loader needs up to what is enough: no crash, and the limit is named."""
        high = 3_000_000  # KiB
        while high - low > 30_000:
            middle = (low + high) // 2
            code, err = self.run_under(f"ulimit {flag} {middle}", 1)
            if code == 0:
                high = middle
                continue
            low = middle
            if code == 127:
                continue  # of the loader
            self.assertIn(code, (2, 4), err)
            self.assertIn(name, err)
            self.assertNotIn("terminate called", err)

    def test_address_space(self):
        self.too_little("-v", "RLIMIT_AS (ulimit -v)", 300_000)

    def test_address_space_of_two_ranks(self):
        for limit in (600_000, 800_000, 1_000_000):
            for _ in range(2):
                code, err = self.run_under(f"ulimit -v {limit}", 2)
                if code != 0:
                    self.assertEqual(code, 2, err)
                    self.assertIn("RLIMIT_AS (ulimit -v)", err)
                for accident in ("terminate called", "Signal", "could not create a primitive"):
                    self.assertNotIn(accident, err)

    def test_data(self):
        self.too_little("-d", "RLIMIT_DATA (ulimit -d)", 10_000)

    def test_before_the_libraries_can_start(self):
        code, err = self.run_under("ulimit -d 40000", 1)
        self.assertEqual(code, 2, err)
        self.assertIn("RLIMIT_DATA (ulimit -d) is 40000 KiB: too little for the libraries to start", err)


if __name__ == "__main__":
    unittest.main()
