# shellcheck shell=bash
# What the scripts of this folder share. Sourced after `set -euo pipefail`.

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache="${XDG_CACHE_HOME:-$HOME/.cache}/feedline"
torch_version=2.11.0

# Scripts that call each other count from the outermost one's start.
export FEEDLINE_STARTED="${FEEDLINE_STARTED:-$(date +%s)}"

step() { printf '==> [%d s] %s\n' "$(($(date +%s) - FEEDLINE_STARTED))" "$*"; }

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# Prints the comment at the head of script "$1": its help.
print_help() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p;}' "$1"; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "this needs root: run the script as root, or install sudo."
  fi
}

# Runs a command with its output in build/logs/"$1".log; when it fails, shows the log's end.
logged() {
  local log="$repo/build/logs/$1.log" rc=0
  shift
  mkdir -p "$repo/build/logs"
  "$@" >"$log" 2>&1 </dev/null || rc=$?
  if [ "$rc" -ne 0 ]; then
    tail -n 120 "$log"
    printf 'The whole log: %s\n' "$log"
  fi
  return "$rc"
}

has_cuda_toolkit() { command -v nvcc >/dev/null || [ -x /usr/local/cuda/bin/nvcc ]; }

default_preset() { if has_cuda_toolkit; then echo release; else echo cpu-only; fi; }

# The preset whose program is built and run: that of FEEDLINE_PRESET, if set.
chosen_preset() { echo "${FEEDLINE_PRESET:-$(default_preset)}"; }

# Which torch install a preset takes: cpu, cuda, or none.
torch_kind() {
  case $1 in
    asan | tsan) echo none ;;
    cpu-only) echo cpu ;;
    *) if has_cuda_toolkit; then echo cuda; else echo cpu; fi ;;
  esac
}

# Whether version "$1" is "$2" or newer.
at_least() { printf '%s\n%s\n' "$2" "$1" | sort -CV; }

# Prints version and folder of the torch of Python "$1"; fails when there is none that is new enough.
usable_torch() {
  local facts root version
  facts=$("$1" "$repo/cmake/torch_package.py" 2>/dev/null) || return 1
  IFS=';' read -r root version _ <<<"$facts"
  echo "torch $version in $root"
  at_least "$version" 2.6
}

own_torch() { [ -n "${FEEDLINE_TORCH:-}" ] && usable_torch "$FEEDLINE_TORCH"; }

torch_venv() { echo "$cache/torch-$torch_version-$1"; }

# The Python whose torch the kind "$1" of build takes: the user's own if FEEDLINE_TORCH names a usable one.
torch_python() {
  if own_torch >/dev/null; then command -v "$FEEDLINE_TORCH"; else echo "$(torch_venv "$1")/bin/python"; fi
}

# The built program of the chosen preset.
feedline_program() {
  local program
  program="$repo/build/$(chosen_preset)/bin/feedline"
  [ -x "$program" ] || die "$program is not there. Build it: launch/setup.sh && launch/build.sh"
  echo "$program"
}

# forward_signals COMMAND... : runs it; TERM, INT and USR1 reach it as USR1, a request to stop after the current step.
# (mpirun would answer TERM by killing the ranks before a large checkpoint is on the disk.) A second INT ends it.
forward_signals() {
  local rc=0 child interrupts=0
  "$@" &
  child=$!
  trap 'kill -USR1 "$child" 2>/dev/null || true' TERM USR1
  trap 'interrupts=$((interrupts + 1)); [ "$interrupts" -gt 1 ] && kill -TERM "$child" || kill -USR1 "$child"' INT
  while kill -0 "$child" 2>/dev/null; do wait "$child" && rc=0 || rc=$?; done
  trap - TERM INT USR1
  return "$rc"
}

# mpirun for "$1" ranks on this machine. Unbound: Open MPI would give each of two ranks a single core.
# Oversubscribed: it counts cores, not hardware threads, and would refuse two ranks on a small machine.
# With recovery: when the rank that prepares data dies, the one that trains goes on; mpirun then returns 0 always,
# so the program leaves its exit code in a file. An empty file: no rank came to its end, which is 5, "lost".
mpirun_here() {
  local ranks=$1 rc=0 code
  shift
  allow_mpi_as_root
  code=$(mktemp)
  FEEDLINE_EXIT_CODE_FILE=$code forward_signals \
    mpirun --quiet --oversubscribe --bind-to none --enable-recovery -np "$ranks" "$@" || rc=$?
  if [ -s "$code" ]; then rc=$(cat "$code"); elif [ "$rc" -eq 0 ]; then rc=5; fi
  rm -f "$code"
  return "$rc"
}

allow_mpi_as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
  fi
}
