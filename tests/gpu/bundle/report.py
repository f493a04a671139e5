"""What was run, on what, with which result, as markdown that docs/gpu-runs.md takes as it is."""

import json
import os
import pathlib
import platform
import subprocess
import sys

TORCH_FACTS = """
import json, torch
cuda = torch.cuda.is_available()
print(json.dumps({"torch": torch.__version__, "CUDA of torch": torch.version.cuda,
    "cuDNN": torch.backends.cudnn.version() if cuda else None,
    "NCCL": ".".join(map(str, torch.cuda.nccl.version())) if cuda else None}))
"""


def output_of(*words, seconds=60):
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=seconds, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def line_of(file, name):
    try:
        lines = pathlib.Path(file).read_text().splitlines()
    except OSError:
        return ""
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(name)), "")


def facts(root):
    """What the machine is, by name; what cannot be found out is left out."""
    gpus = output_of("nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader")
    compiler = (output_of("nvcc", "--version") or output_of("/usr/local/cuda/bin/nvcc", "--version")).splitlines()
    torch = output_of(sys.executable, "-c", TORCH_FACTS, seconds=120)
    cores = len(os.sched_getaffinity(0))
    found = {
        "GPU, memory, driver": "; ".join(gpus.splitlines()) or "none",
        "CUDA toolkit": next((line for line in compiler if "release" in line), ""),
        **(json.loads(torch) if torch else {"torch": "cannot be imported"}),
        "CPU": f"{line_of('/proc/cpuinfo', 'model name')}, {cores} cores to use",
        "memory": f"{int(line_of('/proc/meminfo', 'MemTotal').split()[0] or 0) / 2**20:.0f} GiB",
        "kernel, glibc": f"{platform.release()}, {platform.libc_ver()[1]}",
        "feedline": (root / "commit").read_text().strip(),
    }
    return {name: value for name, value in found.items() if value}


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def markdown(machine, results, tables, command):
    """`results`: name, outcome, seconds and figures of each test; `tables`: what the benchmarks printed."""
    gpu = machine["GPU, memory, driver"]
    parts = [f"## {gpu.split(',')[0] if gpu != 'none' else 'No GPU'}, {machine['feedline']}",
             f"`{command}`", table(["machine", ""], machine.items()),
             table(["test", "result", "seconds"], [(r["name"], r["outcome"], f"{r['seconds']:.0f}") for r in results])]
    figures = [figure for result in results for figure in result["figures"]]
    if figures:
        parts.append(table(["figure", "measured"], figures))
    return "\n\n".join([*parts, *tables]) + "\n"
