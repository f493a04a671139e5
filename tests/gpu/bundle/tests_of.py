"""What a build's tests with label gpu and its GPU benchmarks are, for a folder that runs elsewhere.

usage: tests_of.py [--programs] BUILD

Prints them as JSON: name, command, environment, seconds, and how a test says that it was skipped; @BUNDLE@ and @PYTHON@
stand for the folder and its Python. With --programs: the paths of the built programs that they run.
"""

import json
import pathlib
import re
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[3]


def known(build):
    """CTest's own description of the tests with label gpu."""
    done = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1", "-L", "^gpu$"], check=True,
                          capture_output=True, text=True)
    return [test for test in json.loads(done.stdout)["tests"] if "command" in test]


def benchmarks(build):
    """gpu_bench.py, and the built programs of that kind. Started only where there is a GPU."""
    commands = {"benchmark": ["@PYTHON@", "-B", "@BUNDLE@/benchmarks/gpu_bench.py"],
                **{f"benchmark.{file.name}": [f"@BUNDLE@/bin/{file.name}"] for file in built_benchmarks(build)}}
    return [{"name": name, "command": command, "environment": {}, "seconds": 1500, "skip_code": 77, "skip_text": []}
            for name, command in commands.items()]


def built_benchmarks(build):
    return sorted((build / "bin").glob("*_gpu_bench"))


def property_of(test, name, default=None):
    return next((entry["value"] for entry in test["properties"] if entry["name"] == name), default)


class Places:
    """Paths here, and where they lie in the bundle."""

    def __init__(self, build):
        self.programs = str(build / "bin")

    def moved(self, word):
        if re.fullmatch(r".*/python3?(\.\d+)?", word):
            return "@PYTHON@"
        if re.fullmatch(r".*/mpi(run|exec)(\.\w+)?", word):
            return "@BUNDLE@/bin/mpirun"
        for here, there in ((self.programs, "@BUNDLE@/bin"), (str(SOURCE / "tests"), "@BUNDLE@/tests")):
            word = word.replace(here, there)
        if str(SOURCE) in word:
            sys.exit(f"a test with label gpu needs {word}, which is not packed")
        return word


def main():
    arguments = [word for word in sys.argv[1:] if word != "--programs"]
    build = pathlib.Path(arguments[0]).resolve()
    tests, places = known(build), Places(build)
    if "--programs" in sys.argv:
        words = [part for test in tests for word in [*test["command"], *property_of(test, "ENVIRONMENT", [])]
                 for part in re.split("[=:]", word)]
        programs = {word for word in words if word.startswith(places.programs + "/")}
        programs |= {str(file) for file in built_benchmarks(build)}
        print("\n".join(sorted(programs - {f"{places.programs}/feedline"})))
        return
    described = []
    for test in tests:
        environment = dict(entry.split("=", 1) for entry in property_of(test, "ENVIRONMENT", []))
        described.append({
            "name": test["name"],
            "command": [places.moved(word) for word in test["command"]],
            "environment": {name: places.moved(value) for name, value in environment.items()},
            "seconds": property_of(test, "TIMEOUT", 60),
            "skip_code": property_of(test, "SKIP_RETURN_CODE"),
            "skip_text": property_of(test, "SKIP_REGULAR_EXPRESSION", []),
        })
    print(json.dumps(described + benchmarks(build), indent=1))


main()
