#!/usr/bin/env bash
# Runs the tests of GPUs and then the GPU benchmark, from the folder that tests/gpu/bundle.sh made.
#
#   run.sh [--quick] [--only REGEX] [--out DIR]
#
#   --quick       fewer and shorter runs: a first look
#   --only REGEX  only tests whose name matches; "benchmark" is the benchmark's name
#   --out DIR     where report.md and the logs go (out, here)
#
# Installs nothing and compiles nothing. torch is that of the Python FEEDLINE_TORCH, else of python3 on PATH.
# Every test has its time limit; the report is written anew after each, so it is there however the run ends.
# Exit code: 0 when nothing failed (what was skipped is in the report), 1 when something did.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

if [ ! -e "$root/env.sh" ]; then
  echo "error: run.sh runs in the folder that tests/gpu/bundle.sh makes. In a checkout: ctest -L gpu" >&2
  exit 1
fi

# In a process of its own: the libraries that it looks for are for the programs, not for Python.
found=$("$root/lib/check.sh")
python=$(head -n 1 <<<"$found")
missing=$(tail -n +2 <<<"$found")
if [ -n "$missing" ]; then
  printf 'error: libraries are not found on this machine:\n%s\n' "$missing" >&2
  echo "CUDA's and torch's must come with the torch of $python; the others are packed." >&2
  exit 1
fi
exec env FEEDLINE_TORCH="$python" "$python" -B "$root/lib/run_all.py" "$@"
