#!/usr/bin/env bash
# Builds feedline and runs every test.
#
#   launch/test.sh [--quick]
#
# Stages: the release build with CUDA (where there is a CUDA toolkit), the cpu-only build, whose tests include a check
# that the sources without torch compile for aarch64, then the data, pipeline and transport tests under ThreadSanitizer
# and AddressSanitizer (not with --quick). Stops at the first stage that fails and shows its log; all logs are in
# build/logs. The last line counts the tests of all stages.
set -euo pipefail
# shellcheck source=launch/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Tests with ranks or faults are run one at a time: they share the machine's cores, and some measure CPU use.
serial_labels='mpi|fault|gpu|slurm'
sanitized_folders=(tests/unit/data tests/unit/pipeline tests/unit/loader tests/unit/transport tests/fuzz tests/mpi)
logs="$repo/build/logs"

count() { python3 "$repo/launch/count_tests.py" "$@" || echo "0 0 0"; }

# "N passed, N failed[, N skipped]" of JUnit files; a stage that failed without a failed test counts as one.
count_line() {
  local stage_failed=$1 passed failed skipped
  shift
  read -r passed failed skipped <<<"$(count "$@")"
  if [ "$stage_failed" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
  printf '%d passed, %d failed' "$passed" "$failed"
  if [ "$skipped" -gt 0 ]; then printf ', %d skipped' "$skipped"; fi
  printf '\n'
}

finish() {
  local rc=$?
  trap - EXIT
  shopt -s nullglob
  if [ "$rc" -ne 0 ]; then step "Failed"; else step "All stages passed"; fi
  count_line "$rc" "$logs"/*.xml
  exit "$rc"
}

# run_ctest NAME FOLDER [ctest's flags...]
run_ctest() {
  local name=$1 folder=$2
  shift 2
  ctest --test-dir "$repo/build/$folder" --no-tests=error --output-on-failure \
    --output-junit "$logs/$name.xml" "$@"
}

# test_all PRESET LABELS: those labels are left out.
test_all() {
  local rc=0
  run_ctest "$1-parallel" "$1" -LE "$serial_labels" --parallel "$(nproc)" || rc=1
  run_ctest "$1-serial" "$1" -L "$serial_labels" -LE "$2" || rc=1
  return "$rc"
}

# The job scripts are the same for every build, and so is what happens when processes die: tested once.
test_with_cuda() { test_all "$1" "slurm|long"; }
test_without_cuda() { test_all "$1" none; }

# What Open MPI itself does is left out; with the slow unwinder each of its leaks has it in the stack.
test_sanitized() {
  local rc=0 folder suppressions="$repo/launch/sanitizers"
  export TSAN_OPTIONS="suppressions=$suppressions/tsan.supp"
  export ASAN_OPTIONS=fast_unwind_on_malloc=0
  export LSAN_OPTIONS="suppressions=$suppressions/lsan.supp:print_suppressions=0"
  for folder in "${sanitized_folders[@]}"; do
    run_ctest "$1-${folder//\//-}" "$1/$folder" || rc=1
  done
  return "$rc"
}

# stage TITLE PRESET TEST_FUNCTION [targets...]
stage() {
  local title=$1 preset=$2 run_tests=$3
  shift 3
  step "$title: building build/$preset"
  logged "$preset-build" "$repo/launch/build.sh" "$preset" "$@"
  step "$title: testing"
  logged "$preset-test" "$run_tests" "$preset"
  step "$title: $(count_line 0 "$logs/$preset"-*.xml)"
}

quick=
case ${1:-} in
  "") ;;
  --quick) quick=yes ;;
  -h | --help) print_help "$0"; exit 0 ;;
  *) die "unknown flag $1. launch/test.sh --help lists them." ;;
esac

mkdir -p "$logs"
rm -f "$logs"/*.xml "$logs"/*.log
trap finish EXIT
allow_mpi_as_root

if has_cuda_toolkit; then
  "$repo/launch/setup.sh" --both --slurm --cross
  stage "With CUDA" release test_with_cuda
else
  "$repo/launch/setup.sh" --cpu --slurm --cross
  step "There is no CUDA toolkit: only the build without CUDA is tested"
fi
stage "Without CUDA" cpu-only test_without_cuda
if [ -z "$quick" ]; then
  stage "ThreadSanitizer" tsan test_sanitized "${sanitized_folders[@]/%//all}"
  stage "AddressSanitizer" asan test_sanitized "${sanitized_folders[@]/%//all}"
fi
