#!/usr/bin/env python3
"""Compiles the files of src/ that do not include torch for aarch64 (Grace), for syntax only: the libraries themselves are
not needed, and only their headers are read, from this machine.

    check_aarch64.py BUILD     the folder of a configured build, which has compile_commands.json

Needs aarch64-linux-gnu-g++ (Debian's g++-aarch64-linux-gnu) and ninja; exits with 77 where one of them is missing. What was
checked is kept in BUILD/aarch64, so a second run checks only what has changed.
"""

import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys

COMPILER = "aarch64-linux-gnu-g++"
SKIPPED = 77
ROOT = pathlib.Path(__file__).resolve().parents[2]

# What the preset asan leaves out is checked without precompiled headers here, so that every file includes what it uses.
WITHOUT_PRECOMPILED = [ROOT / "src" / name for name in ("engine", "config", "runner")]

RULES = f"""\
rule precompile
  command = {COMPILER} $flags -x c++-header -MD -MF $out.d -MT $out $in -o $out
  depfile = $out.d
  deps = gcc
  description = Precompiling $in
rule check
  command = {COMPILER} $flags -fsyntax-only -MD -MF $out.d -MT $out $in && touch $out
  depfile = $out.d
  deps = gcc
  description = Checking $in
"""


def headers_of_this_machine():
    """After the compiler's own: those of libraries, which are the same for every processor."""
    multiarch = subprocess.run(["gcc", "-print-multiarch"], capture_output=True, text=True, check=True).stdout.strip()
    return ["-idirafter", "/usr/include", "-idirafter", f"/usr/include/{multiarch}"]


def portable(words):
    """Those flags that matter for syntax; not the instruction set, nor the optimisation."""
    kept = []
    for word, following in zip(words, words[1:] + [""]):
        if word.startswith(("-D", "-I", "-std=", "-W")):
            kept.append(word)
        elif word == "-isystem":
            kept += [word, following]
    return kept


def is_checked(command):
    path = pathlib.Path(command["file"])
    return path.suffix == ".cpp" and ROOT / "src" in path.parents and "torch" not in command["command"]


def write_edges(build, folder, out):
    """Writes what ninja has to do; returns the number of files."""
    more = headers_of_this_machine()
    precompiled = {}
    count = 0
    for command in json.loads((build / "compile_commands.json").read_text()):
        if not is_checked(command):
            continue
        count += 1
        path = pathlib.Path(command["file"])
        words = shlex.split(command["command"])
        flags = portable(words) + more
        header = next((word for word in words if word.endswith("cmake_pch.hxx")), None)
        needs = ""
        if header and not any(folder_without in path.parents for folder_without in WITHOUT_PRECOMPILED):
            if header not in precompiled:
                precompiled[header] = copy_of(header, folder / str(len(precompiled)))
                write_edge(out, "precompile", f"{precompiled[header]}.gch", precompiled[header], flags)
            flags += ["-include", str(precompiled[header])]
            needs = f" | {precompiled[header]}.gch"
        write_edge(out, "check", folder / path.relative_to(ROOT), path, flags, needs)
    return count


def copy_of(header, folder):
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / "all.hpp"
    text = pathlib.Path(header).read_text().replace("#pragma GCC system_header", "")  # not for the main file
    if not copy.exists() or copy.read_text() != text:
        copy.write_text(text)
    return copy


def write_edge(out, rule, result, source, flags, needs=""):
    (result if isinstance(result, pathlib.Path) else pathlib.Path(result)).parent.mkdir(parents=True, exist_ok=True)
    out.write(f"build {result}: {rule} {source}{needs}\n  flags = {shlex.join(flags).replace('$', '$$')}\n")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for program in (COMPILER, "ninja"):
        if not shutil.which(program):
            print(f"{program} is not installed: nothing was checked")
            return SKIPPED
    build = pathlib.Path(sys.argv[1]).resolve()
    folder = build / "aarch64"
    folder.mkdir(exist_ok=True)
    with open(folder / "build.ninja", "w", encoding="utf-8") as out:
        out.write(RULES)
        count = write_edges(build, folder, out)
    print(f"{count} files for aarch64", flush=True)
    return subprocess.run(["ninja", "-C", str(folder), "-k", "0", "-j", str(os.cpu_count())], check=False).returncode if count else 1


if __name__ == "__main__":
    sys.exit(main())
