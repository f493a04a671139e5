# shellcheck shell=bash
# What the scripts of this folder share. Sourced after `set -euo pipefail`.

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
home=~  # also where HOME is not set
cache="${XDG_CACHE_HOME:-$home/.cache}/feedline"
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

# last_wins FLAGS... : `flags` becomes these, and of a flag that is there twice the last one: a script's own flags first,
# then what the user gave.
last_wins() {
  local word name="" names="" i
  local -a words=("$@") group=()
  flags=()
  for ((i = ${#words[@]} - 1; i >= 0; --i)); do
    word=${words[i]}
    group=("$word" ${group[@]+"${group[@]}"})
    case $word in --*) name=${word%%=*} ;; *) continue ;; esac
    case "$names " in
      *" $name "*) ;;
      *) flags=("${group[@]}" ${flags[@]+"${flags[@]}"}) names+=" $name" ;;
    esac
    group=()
  done
  flags=(${group[@]+"${group[@]}"} ${flags[@]+"${flags[@]}"})
}

# flag_value NAME FLAGS... : the value that flag NAME has in them, the last one; nothing where it is not there.
flag_value() {
  local name=$1 value=""
  shift
  while [ "$#" -gt 0 ]; do
    case $1 in
      "$name") value=${2-} ;;
      "$name"=*) value=${1#*=} ;;
    esac
    shift
  done
  printf '%s' "$value"
}

# ask_to_stop PID: more than once, since mpirun loses what comes before it has started the ranks.
ask_to_stop() {
  stop_asked=yes
  if [ -z "$1" ]; then return 0; fi
  kill -USR1 "$1" 2>/dev/null || return 0
  for _ in 1 2 3; do
    sleep 1
    kill -USR1 "$1" 2>/dev/null || return 0
  done &
}

# forward_signals COMMAND... : runs it; TERM, HUP, INT and USR1 reach it as USR1, a request to stop after the current step.
# (mpirun would answer TERM by killing the ranks before a large checkpoint is on the disk.) A second INT ends it. The command has
# a session of its own, so that a terminal's signals come by this way only. `stop_asked` tells whether there was one: a command
# that was not ready for it then, and ended of it, was stopped too (75).
forward_signals() {
  local rc=0 child="" interrupts=0
  stop_asked=""
  trap 'ask_to_stop "$child"' TERM HUP USR1
  trap 'interrupts=$((interrupts + 1))
    if [ "$interrupts" -gt 1 ]; then kill -TERM "$child" 2>/dev/null || true; else ask_to_stop "$child"; fi' INT
  setsid "$@" &
  child=$!
  if [ -n "$stop_asked" ]; then ask_to_stop "$child"; fi
  while kill -0 "$child" 2>/dev/null; do wait "$child" && rc=0 || rc=$?; done
  trap - TERM HUP INT USR1
  if [ -n "$stop_asked" ] && [ "$rc" -eq "$((128 + $(kill -l USR1)))" ]; then rc=75; fi
  return "$rc"
}

# Ranks of one machine talk through its memory and listen nowhere, unless the user chose otherwise: by itself Open MPI has
# them listen on all of the machine's addresses. mpirun itself names the loopback address only, but its own port cannot be
# bound to it (Open MPI 4.1).
keep_mpi_to_loopback() {
  export OMPI_MCA_btl=${OMPI_MCA_btl-self,vader} OMPI_MCA_btl_tcp_if_include=${OMPI_MCA_btl_tcp_if_include-lo}
  export OMPI_MCA_oob_tcp_if_include=${OMPI_MCA_oob_tcp_if_include-lo}
}

# mpirun for "$1" ranks on this machine. Unbound: Open MPI would give each of two ranks a single core.
# Oversubscribed: it counts cores, not hardware threads, and would refuse two ranks on a small machine.
# With recovery: when the rank that prepares data dies, the one that trains goes on; mpirun then returns 0 always,
# so the program leaves its exit code in a file. An empty file: no rank came to its end, which is 5, "lost", or 75 where it
# was asked to stop.
mpirun_here() {
  local ranks=$1 rc=0 code
  shift
  allow_mpi_as_root
  keep_mpi_to_loopback
  code=$(mktemp)
  FEEDLINE_EXIT_CODE_FILE=$code forward_signals \
    mpirun --quiet --oversubscribe --bind-to none --enable-recovery -np "$ranks" "$@" || rc=$?
  if [ -s "$code" ]; then
    rc=$(cat "$code")
  elif [ -n "$stop_asked" ]; then
    rc=75
  elif [ "$rc" -eq 0 ]; then
    rc=5
  fi
  rm -f "$code"
  return "$rc"
}

allow_mpi_as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
  fi
}
