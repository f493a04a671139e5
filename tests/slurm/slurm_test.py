"""The job scripts of launch/slurm under a real Slurm: stopped, requeued, gone on, finished as if never stopped."""

import json
import os
import pathlib
import time
import unittest

from cluster import Cluster, missing
from feedline import PROGRAM, ProgramTest, run

REPO = pathlib.Path(__file__).resolve().parents[2]
PRESET = pathlib.Path(PROGRAM).resolve().parts[-3]
LESS = ("--cpus-per-task=1",)  # the node has four CPUs


@unittest.skipIf(missing(), f"Slurm is not installed: {', '.join(missing())}")
class Jobs(ProgramTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.whole = run(cls().flags()).summary
        cls.cluster = Cluster()

    @classmethod
    def tearDownClass(cls):
        cls.cluster.stop()
        super().tearDownClass()

    def tearDown(self):
        self.cluster.call("scancel", "--full", "-u", str(os.getuid()), check=False)
        self.cluster.call("scancel", "-u", str(os.getuid()), check=False)
        self.wait_for(lambda: not self.cluster.call("squeue", "-h").stdout, "an empty queue")

    def flags(self, *extra):
        return self.small("--augment", "basic", "--seed", "5", *extra, epochs=3)

    def submit(self, script, name, fault="slow-read:3ms", flags=LESS, args=()):
        self.log, self.checkpoints = self.folder / f"{name}.log", self.folder / name
        self.summary = self.folder / f"{name}.json"
        env = {"CHECKPOINT_DIR": str(self.checkpoints), "GPU_FLAGS": "", "FEEDLINE_PRESET": PRESET,
               "FEEDLINE_FAULT": fault}
        return self.cluster.submit(REPO / "launch/slurm" / script, *self.flags("--summary", self.summary, *args),
                                   flags=(f"--output={self.log}", *flags), env=env, cwd=REPO)

    def text(self):
        return self.log.read_text() if self.log.exists() else ""

    def wait_for(self, ready, what, seconds=40):
        end = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > end:
                self.fail(f"waited for {what}:\n{self.text()}\n"
                          f"{(self.cluster.folder / 'slurmctld.log').read_text()[-1500:]}")
            time.sleep(0.1)

    def wait_until_it_trains(self):
        self.wait_for(lambda: "starting now" in self.text() or "Single-GPU" in self.text(), "the first step")
        time.sleep(1)

    def wait_until_done(self, job):
        self.wait_for(lambda: self.cluster.state(job)["JobState"] in ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT"),
                      "the end", 90)
        return self.cluster.state(job)

    def assert_as_if_never_stopped(self, job):
        end = self.wait_until_done(job)
        self.assertEqual(end["JobState"], "COMPLETED", self.text())
        self.assertEqual(end["Restarts"], "1", self.text())
        self.assertIn("Exit code 75: this job goes on from step-", self.text())
        self.assertIn("Going on from", self.text())
        summary = json.loads(self.summary.read_text())
        for name in ("sample_digest", "loss_digest", "steps", "samples"):
            self.assertEqual(summary[name], self.whole[name], name)

    def test_time_limit_with_mpirun(self):
        """What --signal=B:USR1@120 does: the batch shell alone gets USR1."""
        job = self.submit("two_gpus.sbatch", "mpirun")
        self.wait_until_it_trains()
        self.cluster.call("scancel", "--signal=USR1", "--batch", str(job))
        self.assert_as_if_never_stopped(job)

    def test_preemption_with_mpirun(self):
        """What preemption does first: every process gets TERM, mpirun as well."""
        job = self.submit("two_gpus.sbatch", "preempted")
        self.wait_until_it_trains()
        self.cluster.call("scancel", "--signal=TERM", "--full", str(job))
        self.assert_as_if_never_stopped(job)

    def test_srun_with_pmix(self):
        job = self.submit("two_nodes.sbatch", "srun", flags=(*LESS, "--nodes=1", "--ntasks-per-node=2"))
        self.wait_until_it_trains()
        self.cluster.call("scancel", "--signal=USR1", "--batch", str(job))
        self.assert_as_if_never_stopped(job)

    def test_several_data_ranks(self):
        job = self.submit("two_nodes.sbatch", "several", args=("--data-ranks", "2"),
                          flags=(*LESS, "--nodes=1", "--ntasks-per-node=3"))
        self.wait_until_it_trains()
        self.cluster.call("scancel", "--signal=USR1", "--batch", str(job))
        self.assert_as_if_never_stopped(job)

    def test_a_single_rank(self):
        job = self.submit("single_gpu.sbatch", "single")
        self.wait_until_it_trains()
        self.cluster.call("scancel", "--signal=TERM", "--full", str(job))
        self.assert_as_if_never_stopped(job)

    def test_a_het_job_is_accepted(self):
        """It cannot run here: its two parts need two nodes."""
        job = self.submit("het_job.sbatch", "het", flags=("--hold", "--cpus-per-task=1", ":", "--cpus-per-task=1"))
        parts = self.cluster.call("squeue", "-h", "-o", "%i").stdout.split()
        self.assertEqual(sorted(parts), [f"{job}+0", f"{job}+1"])

    def test_crash_loops_end(self):
        job = self.submit("two_gpus.sbatch", "loop", fault="kill:rank1@batch=1")
        self.assertEqual(self.wait_until_done(job)["JobState"], "FAILED")
        self.assertIn("restarted 3 times without a new checkpoint", self.text())
        self.assertEqual(self.cluster.state(job)["Restarts"], "3")


if __name__ == "__main__":
    unittest.main()
