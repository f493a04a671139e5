"""A rank that is killed, stopped or never started before the first batch: the others end within seconds, with 5."""

import os
import pathlib
import signal
import subprocess
import time
import unittest

from feedline import PROGRAM, ProgramTest, environment
from processes import alive, ranks_of

LAUNCH = pathlib.Path(__file__).resolve().parents[2] / "launch"
LAUNCHER = ["mpirun", "--quiet", "--oversubscribe", "--bind-to", "none", "--enable-recovery"]

# Moments at which each rank is killed; the long form: FEEDLINE_START_KILLS=50.
KILLS = int(os.environ.get("FEEDLINE_START_KILLS", "3"))

# Until all have ended. Five of them are for a rank that was gone before the others could see it.
LIMIT = 20


class Start(ProgramTest):
    def setUp(self):
        self.code = self.folder / "code"
        self.code.unlink(missing_ok=True)

    def words(self, *flags):
        return [PROGRAM, "train", *map(str, self.small(*flags))]

    def start(self, words, **env):
        return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env=environment(FEEDLINE_EXIT_CODE_FILE=str(self.code), **env), stdin=subprocess.DEVNULL)

    def await_ranks(self, launcher, count=2):
        """Process ids by rank, as soon as the launcher has started them."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            pids = ranks_of(launcher)
            if len(pids) == count:
                return pids
            time.sleep(0.005)
        self.fail("the ranks were not started")

    def end(self, process, pids=(), limit=LIMIT):
        """Waits for the end of it all; returns what was printed as errors."""
        try:
            _, err = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            for pid in [*pids, process.pid]:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            _, err = process.communicate()
            self.fail(f"it hangs: {err}")
        self.assertEqual([pid for pid in pids if alive(pid)], [], err)
        return err

    def noted_code(self):
        return self.code.read_text().strip() if self.code.exists() else ""


class Kill(Start):
    def time_of_a_start(self):
        process = self.start([*LAUNCHER, "-np", "2", *self.words("--max-steps", 3)])
        self.await_ranks(process.pid)
        begin = time.monotonic()
        for line in process.stdout:
            if "Model training starting now" in line:
                break
        seconds = time.monotonic() - begin
        self.end(process)
        return seconds

    def test_each_rank_at_any_moment(self):
        whole = min(self.time_of_a_start(), self.time_of_a_start()) + 0.1
        longest = 0
        for victim in (0, 1):
            for kill in range(KILLS):
                after = whole * kill / KILLS
                with self.subTest(victim=victim, after=after):
                    self.setUp()
                    process = self.start([*LAUNCHER, "-np", "2", *self.words("--synthetic-step-ms", 60)])
                    pids = self.await_ranks(process.pid)
                    time.sleep(after)
                    self.assertTrue(alive(pids[victim]), "the run was over before the kill")
                    os.kill(pids[victim], signal.SIGKILL)
                    begin = time.monotonic()
                    err = self.end(process, pids.values())
                    longest = max(longest, time.monotonic() - begin)
                    # Once batches stream, the rank that trains goes on without the other.
                    self.assertIn(self.noted_code(), ("5", "0") if victim == 0 else ("5",), err)
                    self.assertIn(f"Lost rank {victim}", err)
                    self.assertEqual(err.count("error:"), 1 if self.noted_code() == "5" else 0, err)
        print(f"{2 * KILLS} kills in the {whole:.1f} s of a start; at most {longest:.1f} s until all had ended")

    def test_of_three_ranks(self):
        process = self.start([*LAUNCHER, "-np", "3", *self.words("--data-ranks", 2)])
        pids = self.await_ranks(process.pid, 3)
        time.sleep(0.1)
        os.kill(pids[1], signal.SIGKILL)
        err = self.end(process, pids.values())
        self.assertEqual(self.noted_code(), "5", err)

    def test_under_the_script_for_two_gpus(self):
        words = [str(LAUNCH / "two_gpus.sh"), *map(str, self.small("--synthetic-step-ms", 5, epochs=30))]
        preset = pathlib.Path(PROGRAM).resolve().parents[1].name
        process = self.start(words, FEEDLINE_STAND_IN_GPUS="2", FEEDLINE_PRESET=preset)
        pids = self.await_ranks(self.mpirun_of(process.pid))
        time.sleep(0.3)
        os.kill(pids[1], signal.SIGKILL)
        err = self.end(process, pids.values())
        self.assertEqual(process.returncode, 5, err)
        self.assertIn("Lost rank 1", err)

    def mpirun_of(self, script):
        end = time.monotonic() + 20
        while time.monotonic() < end:
            for child in pathlib.Path(f"/proc/{script}/task/{script}/children").read_text().split():
                try:
                    if pathlib.Path(f"/proc/{child}/comm").read_text() == "mpirun\n":
                        return int(child)
                except OSError:
                    pass
            time.sleep(0.005)
        self.fail("the script has not started mpirun")


class Absent(Start):
    def test_a_rank_that_is_stopped(self):
        for after in (0.1, 1.0):
            with self.subTest(after=after):
                self.setUp()
                # With a small buffer, so that it is needed to the end.
                words = self.words("--hang-timeout", 2, "--model-start-delay", 1, "--buffer-size", 2,
                                   "--synthetic-step-ms", 100)
                process = self.start([*LAUNCHER, "-np", "2", *words])
                pids = self.await_ranks(process.pid)
                time.sleep(after)
                os.kill(pids[0], signal.SIGSTOP)
                err = self.end(process, pids.values())
                self.assertEqual(self.noted_code(), "5", err)
                self.assertRegex(err, r"Rank 0 .*(has been stopped for|hangs)")

    def test_a_rank_that_goes_on_in_time_is_waited_for(self):
        process = self.start([*LAUNCHER, "-np", "2", *self.words("--max-steps", 3)])
        pids = self.await_ranks(process.pid)
        time.sleep(0.2)
        os.kill(pids[0], signal.SIGSTOP)
        time.sleep(1.5)
        os.kill(pids[0], signal.SIGCONT)
        err = self.end(process, pids.values())
        self.assertEqual(self.noted_code(), "0", err)

    def test_a_rank_whose_wrapper_ends(self):
        wrapper = 'if [ "$PMIX_RANK" = 1 ]; then exit 7; fi; exec "$@"'
        process = self.start([*LAUNCHER, "-np", "2", "bash", "-c", wrapper, "wrapper", *self.words()])
        err = self.end(process)
        self.assertEqual(self.noted_code(), "5", err)
        self.assertIn("Lost rank 1", err)

    def test_a_program_that_is_not_there(self):
        process = self.start([*LAUNCHER, "-np", "1", *self.words(), ":", "-np", "1", str(self.folder / "nosuch"), "train"])
        err = self.end(process)
        self.assertNotEqual(process.returncode, 0, err)

    def test_a_flag_that_is_wrong_on_one_rank_only(self):
        for good, bad in ((0, 1), (1, 0)):
            for launcher in (LAUNCHER, LAUNCHER[:-1]):
                with self.subTest(bad=bad, recovery=launcher == LAUNCHER):
                    self.setUp()
                    each = {good: self.words(), bad: self.words("--nosuch", 1)}
                    process = self.start([*launcher, "-np", "1", *each[0], ":", "-np", "1", *each[1]])
                    err = self.end(process)
                    self.assertIn("--nosuch", err)
                    self.assertEqual(err.count("error:"), 1, err)
                    self.assertEqual(self.noted_code(), "2", err)

    def test_a_flag_that_is_wrong_on_all_is_told_once(self):
        process = self.start([*LAUNCHER[:-1], "-np", "3", *self.words("--nosuch", 1)])
        err = self.end(process)
        self.assertEqual(err.count("error:"), 1, err)
        self.assertEqual(process.returncode, 2, err)


if __name__ == "__main__":
    unittest.main()
