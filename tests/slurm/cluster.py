"""A Slurm cluster of one node with four CPUs, whatever the machine has, for tests: real munged, slurmctld and slurmd, all in one folder."""

import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "scontrol", "sinfo", "srun")
PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"


def missing():
    """The programs that such a cluster needs and this machine lacks."""
    return [name for name in PROGRAMS if shutil.which(name, path=PATH) is None]


def free_port():
    with socket.socket() as probe:
        probe.bind(("", 0))
        return probe.getsockname()[1]


CONFIG = """
ClusterName=feedline
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
SlurmctldPort={controller_port}
SlurmdPort={node_port}
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,bf_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
JobRequeue=1
KillWait=10
ReturnToService=2
SlurmdParameters=config_overrides
GresTypes=gpu
NodeName={host} NodeAddr=127.0.0.1 CPUs=4 Gres=gpu:2 State=UNKNOWN
PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
"""


class Cluster:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="feedline-slurm-"))
        self.processes = []
        self.env = dict(os.environ, PATH=PATH, SLURM_CONF=str(self.folder / "slurm.conf"))
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self):
        for name in ("state", "spool"):
            (self.folder / name).mkdir()
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o600)
        # As root munged insists on folders that others cannot write; a folder in /tmp is not one of them.
        self._run("munged", "--foreground", "--force", f"--key-file={key}", f"--socket={self.folder}/munge.socket",
                  f"--pid-file={self.folder}/munge.pid", f"--seed-file={self.folder}/munge.seed",
                  f"--log-file={self.folder}/munge.log")
        (self.folder / "gres.conf").write_text("Name=gpu File=/dev/null,/dev/zero\n")
        user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
        (self.folder / "slurm.conf").write_text(CONFIG.format(
            host=socket.gethostname().split(".")[0], user=user, folder=self.folder, controller_port=free_port(),
            node_port=free_port()))
        self._wait(lambda: (self.folder / "munge.socket").exists(), "munged")
        self._run("slurmctld", "-D")
        self._wait(lambda: self.call("scontrol", "ping", check=False).stdout.count("is UP"), "slurmctld")
        self._run("slurmd", "-D")
        self._wait(lambda: "idle" in self.call("sinfo", "-h", "-o", "%t", check=False).stdout, "slurmd")

    def _run(self, *words):
        log = open(self.folder / f"{words[0]}.out", "w")
        self.processes.append(subprocess.Popen(words, env=self.env, stdout=log, stderr=log,
                                               stdin=subprocess.DEVNULL))
        log.close()

    def _wait(self, ready, what, seconds=30):
        end = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > end:
                logs = "\n".join(file.read_text(errors="replace")[-2000:] for file in self.folder.glob("*.[lo][ou][gt]"))
                raise RuntimeError(f"{what} did not come up:\n{logs}")
            time.sleep(0.1)

    def call(self, *words, check=True, **kwargs):
        """Runs one of Slurm's programs."""
        return subprocess.run(words, env=self.env, capture_output=True, text=True, check=check, timeout=60,
                              stdin=subprocess.DEVNULL, **kwargs)

    def submit(self, script, *args, flags=(), env=None, cwd=None):
        """Job id of `sbatch`."""
        done = subprocess.run(["sbatch", "--parsable", *flags, str(script), *map(str, args)], capture_output=True,
                              text=True, env=dict(self.env, **(env or {})), cwd=cwd, timeout=60,
                              stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return int(done.stdout.split(";")[0])

    def state(self, job):
        """Fields of `scontrol show job`."""
        text = self.call("scontrol", "show", "job", str(job)).stdout
        return dict(word.split("=", 1) for word in text.split() if "=" in word)

    def stop(self):
        self.call("scancel", "--signal=KILL", "--full", "-u", str(os.getuid()), check=False)
        for process in reversed(self.processes):
            process.terminate()
        for process in reversed(self.processes):
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
