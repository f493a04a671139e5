"""Signals at any time, output that nobody reads, and what other launchers leave in the environment."""

import json
import os
import pathlib
import signal
import subprocess
import time
import unittest

from feedline import PROGRAM, ProgramTest, command, environment, run
from processes import ranks_of
from script_models import write_script_model

LAUNCH = pathlib.Path(__file__).resolve().parents[2] / "launch"
# The pixels of the first row, as logits.
CLASSIFY = "out = torch.mul(torch.slice(torch.flatten(x, 1), 1, 0, 4), w)"
STOPS = (signal.SIGUSR1, signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def holds_signals(pid):
    """Whether the program's first lines have run: before, the loader still reads its libraries."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("SigBlk:"):
            return int(line.split()[1], 16) >> (signal.SIGUSR1 - 1) & 1 == 1
    return False


class Stops(ProgramTest):
    def start(self, words, **kwargs):
        # Not ignored, as a shell leaves it for commands in the background.
        return subprocess.Popen([*map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                stdin=subprocess.DEVNULL, env=environment(), **kwargs)

    def test_from_the_first_moments_on_a_signal_is_a_request(self):
        for after in (0, 0.2):
            for number in STOPS:
                with self.subTest(signal=number, after=after):
                    process = self.start([PROGRAM, "train", *self.small(epochs=500)])
                    while not holds_signals(process.pid):
                        time.sleep(0.001)
                    time.sleep(after)
                    process.send_signal(number)
                    _, err = process.communicate(timeout=30)
                    self.assertEqual(process.returncode, 75, err)
                    self.assertIn("Stopped on request", err)

    def test_while_flags_are_awaited_from_a_pipe(self):
        pipe = self.folder / "flags"
        os.mkfifo(pipe)
        for command_name in ("train", "check"):
            for number in STOPS:
                with self.subTest(command=command_name, signal=number):
                    process = self.start([PROGRAM, command_name, "--train-data", self.data, "--config", pipe])
                    while not holds_signals(process.pid):
                        time.sleep(0.001)
                    process.send_signal(number)
                    _, err = process.communicate(timeout=8)
                    self.assertEqual(process.returncode, 75, err)
                    self.assertRegex(err, f"Stopped on request while .*{pipe}")

    def test_hanging_up_writes_a_checkpoint(self):
        folder = self.folder / "hang-up"
        process = self.start([PROGRAM, "train", *self.small("--checkpoint-dir", folder, epochs=5000)])
        for line in process.stdout:
            if "Loss" in line or "epoch" in line.lower():
                break
        process.send_signal(signal.SIGHUP)
        _, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 75, err)
        self.assertTrue(list(folder.glob("step-*")), err)

    def check_reports(self, summary, trace, what, steps=0):
        """What a run tells that did not come to its end in good order."""
        told = json.loads(summary.read_text())
        self.assertRegex(told["exit"], f"^stopped: {what} had not ended within ")
        self.assertEqual(told["steps"], steps)
        self.assertRegex(json.loads(trace.read_text())["otherData"]["exit"], f"^stopped: {what} had not ended")

    def test_a_step_that_does_not_end_is_ended(self):
        """As of a model that does not come back."""
        summary, trace = self.folder / "endless.json", self.folder / "endless-trace.json"
        args = self.small("--hang-timeout", 1, "--synthetic-step-ms", 3_000_000, "--checkpoint-dir",
                          self.folder / "endless", "--summary", summary, "--trace", trace)
        process = self.start(command(["train", *args]))
        time.sleep(2)
        self.assertIsNone(process.poll(), "only a request ends it")
        begin = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 75, err)
        self.assertLess(time.monotonic() - begin, 15)
        self.assertIn("optimizer step 1 has not ended within", err)
        self.assertIn("Nothing newer than the last checkpoint is kept", err)
        self.check_reports(summary, trace, "optimizer step 1")

    def test_the_rank_that_waits_for_an_endless_step_leaves_its_end_to_the_other(self):
        """So that the job's code is that of the stop, whoever was asked for it and whichever rank waited first."""
        for transport, asked in (("shm", (0, 1)), ("shm", (0,)), ("mpi", (1,))):
            with self.subTest(transport=transport, asked=asked):
                summary, trace = self.folder / "both.json", self.folder / "both-trace.json"
                code = self.folder / "code"
                for file in (summary, trace, code):
                    file.unlink(missing_ok=True)
                args = self.small("--hang-timeout", 4, "--synthetic-step-ms", 3_000_000, "--transport", transport,
                                  "--summary", summary, "--trace", trace)
                process = subprocess.Popen(command(["train", *args], 2), stdout=subprocess.PIPE, text=True,
                                           stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                                           env=environment(FEEDLINE_EXIT_CODE_FILE=str(code)))
                for line in process.stdout:
                    if "Model training starting now" in line:
                        break
                time.sleep(2)  # of the four after which the data rank takes the other for hung
                ranks = ranks_of(process.pid)
                for rank in asked:
                    os.kill(ranks[rank], signal.SIGUSR1)
                _, err = process.communicate(timeout=40)
                self.assertEqual(process.returncode, 75, err)
                self.assertEqual(code.read_text(), "75\n")
                self.assertEqual(err.count("error:"), 1, err)
                self.assertIn("optimizer step 1 has not ended within 4", err)
                self.check_reports(summary, trace, "optimizer step 1")

    def test_a_model_that_does_not_come_back_is_ended(self):
        """Already when it is tried at the start, or in the first step, whose batch has more than two samples."""
        summary, trace = self.folder / "script.json", self.folder / "script-trace.json"
        for endless, what, ranks, steps in (("True", "the building of the model", 1, 0),
                                            ("torch.gt(torch.size(x, 0), 2)", "optimizer step 1", 1, 0),
                                            ("torch.eq(torch.size(x, 0), 8)", "optimizer step 32", 1, 31),
                                            ("True", "the building of the model", 2, 0)):
            with self.subTest(what=what, ranks=ranks):
                model = self.folder / "endless.pt"
                write_script_model(model, ["i = 0", f"while {endless}:", "  i = torch.add(i, 1)", CLASSIFY])
                args = self.small("--hang-timeout", 1, "--model", model, "--summary", summary, "--trace", trace)
                process = self.start(command(["train", *args], ranks))
                time.sleep(3 if ranks == 2 else 2)
                self.assertIsNone(process.poll(), "only a request ends it")
                process.send_signal(signal.SIGUSR1)
                _, err = process.communicate(timeout=30)
                self.assertEqual(process.returncode, 75, err)
                self.assertIn(f"{what} has not ended within", err)
                self.assertIn("Nothing is kept: there is no --checkpoint-dir", err)
                self.check_reports(summary, trace, what, steps)

    def test_of_a_script_at_any_moment(self):
        """75 too when mpirun or the ranks were not ready for it."""
        args = self.small("--synthetic-step-ms", 5, epochs=500)
        words = ["bash", "-c", f". {LAUNCH}/lib.sh; mpirun_here 2 \"$@\"", "script", PROGRAM, *args]
        for after in (0.05, 0.3, 1.0):
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                with self.subTest(signal=number, after=after):
                    process = self.start(words)
                    while not os.path.exists(f"/proc/{process.pid}/task/{process.pid}/children") or not pathlib.Path(
                            f"/proc/{process.pid}/task/{process.pid}/children").read_text().strip():
                        time.sleep(0.001)
                    time.sleep(after)
                    process.send_signal(number)
                    _, err = process.communicate(timeout=40)
                    self.assertEqual(process.returncode, 75, err)

    def test_nobody_reads_the_output(self):
        for ranks in (1, 2):
            with self.subTest(ranks=ranks):
                summary = self.folder / "head.json"
                summary.unlink(missing_ok=True)
                args = " ".join(map(str, self.small("--summary", summary, epochs=3)))
                launcher = "mpirun --oversubscribe --bind-to none -np 2 " if ranks == 2 else ""
                line = f"set -o pipefail; {launcher}{PROGRAM} train {args} 2>/dev/null | head -n 1"
                done = subprocess.run(["bash", "-c", line], capture_output=True, timeout=90, env=environment(),
                                      stdin=subprocess.DEVNULL)
                self.assertEqual(json.loads(summary.read_text())["exit"], "done")
                if ranks == 1:
                    self.assertEqual(done.returncode, 0)

    def test_closed_standard_streams_are_not_taken_for_files(self):
        folder = self.folder / "closed"
        args = " ".join(map(str, self.small("--checkpoint-dir", folder, "--bad-samples", "skip")))
        done = subprocess.run(["bash", "-c", f"{PROGRAM} train {args} <&- >&- 2>&-"], timeout=90, env=environment())
        self.assertEqual(done.returncode, 0)
        self.assertTrue(list(folder.glob("step-*")))
        for file in folder.rglob("*"):
            if file.is_file():
                self.assertNotIn(b"feedline", file.read_bytes()[:9], file)


class Environments(ProgramTest):
    def test_ranks_left_over_from_another_command(self):
        for left in ({"OMPI_COMM_WORLD_SIZE": "2", "OMPI_COMM_WORLD_RANK": "1"}, {"PMI_RANK": "1"},
                     {"PMIX_RANK": "1"}, {"OMPI_COMM_WORLD_RANK": "x"}, {"PMI_RANK": "7", "PMI_SIZE": "2"}):
            with self.subTest(left=left):
                result = run(self.small("--max-steps", 2), env=left)
                self.assertEqual(result.code, 0, result.err)
                self.assertIn(f"{next(iter(left))} is set" if len(left) == 1 else "is set", result.err)
                self.assertIn("no launcher has started this", result.err)

    def test_a_launcher_that_is_not_open_mpis(self):
        result = run(self.small("--max-steps", 2), env={"PMI_RANK": "1", "PMI_SIZE": "2"})
        self.assertEqual(result.code, 2, result.err)
        self.assertIn("rank 1 of 2, but MPI knows it as rank 0 of 1", result.err)

    def test_tasks_of_slurm_without_mpi(self):
        for task in ({"SLURM_PROCID": "1", "SLURM_NTASKS": "2"}, {"SLURM_PROCID": "0", "SLURM_STEP_NUM_TASKS": "2"}):
            with self.subTest(task=task):
                result = run(self.small("--max-steps", 2), env={"SLURM_JOB_ID": "5", **task})
                self.assertEqual(result.code, 2, result.err)
                self.assertIn("of 2 Slurm tasks, and there is no MPI between them", result.err)
                self.assertIn("srun --mpi=pmix", result.err)

    def test_the_script_of_a_job_is_not_a_task_of_several(self):
        job = {"SLURM_JOB_ID": "5", "SLURM_PROCID": "0", "SLURM_NTASKS": "2"}
        self.succeed(self.small("--max-steps", 2), env=job)


class Scripts(ProgramTest):
    def flags(self, *words):
        line = f'. {LAUNCH}/lib.sh; last_wins "$@"; printf "%s\\n" ${{flags[@]+"${{flags[@]}}"}}'
        done = subprocess.run(["bash", "-euc", line, "script", *words], capture_output=True, text=True, check=True)
        return done.stdout.split("\n")[:-1]

    def test_of_a_flag_that_is_given_twice_the_last_one_wins(self):
        self.assertEqual(self.flags("--data-gpu", "0", "--model-gpu", "1", "--data-gpu=2", "--resume", "auto"),
                         ["--model-gpu", "1", "--data-gpu=2", "--resume", "auto"])
        self.assertEqual(self.flags("--lr", "1", "--augment", "--lr", "-1", "2"), ["--augment", "--lr", "-1", "2"])
        self.assertEqual(self.flags("--lr", "a b", "--lrs", "*"), ["--lr", "a b", "--lrs", "*"])

    def test_mpi_stays_on_this_machine(self):
        words = ["bash", "-c", f". {LAUNCH}/lib.sh; mpirun_here 2 \"$@\"", "script", PROGRAM,
                 *self.small("--synthetic-step-ms", 20, epochs=500)]
        process = subprocess.Popen([*map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                   env=environment(), stdin=subprocess.DEVNULL)
        try:
            for line in process.stdout:
                if "Model training starting now" in line:
                    break
            children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            ranks = ranks_of(int(children[0])).values()
            self.assertEqual(len(ranks), 2)
            self.assertEqual({address for pid in ranks for address in listening(pid)} - {"127.0.0.1"}, set())
        finally:
            process.terminate()
            process.communicate(timeout=30)


def listening(pid):
    """Addresses that a process listens on, as text; of IPv6 in hexadecimal."""
    inodes = set()
    for fd in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            inodes.add(os.readlink(fd))
        except OSError:
            pass
    for name in ("tcp", "tcp6"):
        for line in pathlib.Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes:
                address = fields[1].split(":")[0]
                yield ".".join(str(byte) for byte in reversed(bytes.fromhex(address))) if name == "tcp" else address


if __name__ == "__main__":
    unittest.main()
