"""Runs a bundle's tests and benchmark, one at a time; see run.sh, which starts this with the Python that has torch."""

import argparse
import json
import os
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import time

import report

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/support"))
import gpu


def placed(word):
    return word.replace("@BUNDLE@", str(ROOT)).replace("@PYTHON@", sys.executable)


def environment_of(test, quick):
    env = dict(os.environ, PYTHONUNBUFFERED="1", FEEDLINE_TORCH=sys.executable, FEEDLINE_PROGRAM=str(ROOT / "bin/feedline"),
               PATH=f"{ROOT / 'bin'}:{os.environ['PATH']}")
    data = ROOT / "data/fashion-mnist"
    if data.is_dir():
        env["FEEDLINE_FASHION_MNIST"] = str(data)
    if quick:
        env["FEEDLINE_GPU_QUICK"] = "1"
    return {**env, **{name: placed(value) for name, value in test["environment"].items()}}


def outcome_of(test, code, text):
    if code is None:
        return f"FAILED: more than {test['seconds']:.0f} s"
    if code == test["skip_code"] or any(re.search(pattern, text) for pattern in test["skip_text"]):
        return "skipped"
    return "passed" if code == 0 else f"FAILED: exit code {code}"


def is_benchmark(test):
    return test["name"].startswith("benchmark")


def run(test, quick, log):
    """Runs it with its output in the log; a test that takes too long is killed with all that it started."""
    print(f"{test['name']:40}", end=" ", flush=True)
    if is_benchmark(test) and gpu.count() == 0:
        print("skipped")
        return {"name": test["name"], "outcome": "skipped", "seconds": 0, "figures": [], "text": ""}
    log.write(f"\n==== {test['name']}\n".encode())
    log.flush()
    start, begin = log.tell(), time.monotonic()
    process = subprocess.Popen([placed(word) for word in test["command"]], cwd=ROOT, env=environment_of(test, quick),
                               stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        code = process.wait(test["seconds"])
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        code = None
    log.seek(start)
    text = log.read().decode(errors="replace")
    seconds, outcome = time.monotonic() - begin, outcome_of(test, code, text)
    print(f"{outcome}, {seconds:.0f} s", flush=True)
    figures = [line.removeprefix("figure: ").split(" | ", 1) for line in text.splitlines() if line.startswith("figure: ")]
    return {"name": test["name"], "outcome": outcome, "seconds": seconds, "figures": figures, "text": text}


def main():
    parser = argparse.ArgumentParser(prog="run.sh", description="Runs the tests of GPUs and the GPU benchmark.")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter runs")
    parser.add_argument("--only", default="", metavar="REGEX", help="only tests whose name matches")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "out", metavar="DIR", help="where the report goes")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    tests = [test for test in json.loads((ROOT / "tests/tests.json").read_text()) if re.search(args.only, test["name"])]
    machine = report.facts(ROOT)
    for name, value in machine.items():
        print(f"{name:40} {value}")
    command = shlex.join(["run.sh", *sys.argv[1:]])

    results, tables = [], []
    with open(args.out / "tests.log", "w+b") as log:
        for test in tests:
            if args.quick:  # for machines that are lent for ten minutes at a time: what ran is to be in the report
                test["seconds"] = min(test["seconds"], 540)
            results.append(run(test, args.quick, log))
            if is_benchmark(test) and results[-1]["text"]:
                tables.append(results[-1]["text"].strip())
            (args.out / "report.md").write_text(report.markdown(machine, results, tables, command))
    print(f"{args.out / 'report.md'}, and what the tests printed: {args.out / 'tests.log'}")
    failed = [result["name"] for result in results if result["outcome"].startswith("FAILED")]
    if failed:
        sys.exit("failed: " + ", ".join(failed))


main()
