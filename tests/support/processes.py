"""Looks at running processes: which rank is which, their CPU time and memory."""

import os
import pathlib
import signal
import subprocess
import time


def ranks_of(launcher_pid):
    """Process ids by rank of the processes that this mpirun started."""
    found = {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if int(_stat(folder.name)[1]) != launcher_pid:
                continue
            for entry in (folder / "environ").read_bytes().split(b"\0"):
                if entry.startswith(b"OMPI_COMM_WORLD_RANK="):
                    found[int(entry.split(b"=")[1])] = int(folder.name)
        except (OSError, IndexError):
            continue
    return found


def _stat(pid):
    """The fields of /proc/PID/stat from the state on (the name before it may hold spaces)."""
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


def state_of(pid):
    """R, S, D, T ... as in proc(5); X for a process that is gone."""
    try:
        return _stat(pid)[0]
    except OSError:
        return "X"


def alive(pid):
    return state_of(pid) not in "ZX"


def cpu_seconds(pid):
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_bytes(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def kill_a_rank(words, victim, env, ranks=2, at="Model training starting now", after=0.3):
    """Starts the mpirun `words`, kills a rank so many seconds after that was printed, and waits for the others.

    Returns how long they took to end, and what was printed as errors.
    """
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL,
                               env=env)
    try:
        if not any(at in line for line in process.stdout):
            raise AssertionError("ended early: " + process.stderr.read())
        time.sleep(after)
        pids = ranks_of(process.pid)
        if sorted(pids) != list(range(ranks)):
            raise AssertionError(f"not all of {ranks} ranks are there: {pids}")
        os.kill(pids.pop(victim), signal.SIGKILL)
        begin = time.monotonic()
        while any(alive(pid) for pid in pids.values()) and time.monotonic() - begin < 10:
            time.sleep(0.002)
        seconds = time.monotonic() - begin
        _, err = process.communicate(timeout=20)
    finally:
        process.kill()
    return seconds, err
