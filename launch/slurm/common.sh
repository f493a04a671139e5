# shellcheck shell=bash
# What the job scripts of this folder share. Sourced by them in the checkout's root, after `set -euo pipefail`.
#
#   CHECKPOINT_DIR   where checkpoints go (feedline-<job> in the folder the job was submitted from)
#   GPU_FLAGS        which GPUs are used; empty: none (each script has its own default)

# shellcheck source=launch/lib.sh
. launch/lib.sh

most_restarts=3
checkpoints=$(flag_value --checkpoint-dir "$@")
checkpoints="${checkpoints:-${CHECKPOINT_DIR:-$PWD/feedline-$SLURM_JOB_ID}}"

# The newest checkpoint's name; empty: there is none.
newest_checkpoint() {
  local newest="" folder
  for folder in "$checkpoints"/step-*; do
    if [ -d "$folder" ]; then newest=${folder##*/}; fi
  done
  echo "$newest"
}

# Ends a job that is requeued again and again without getting any further.
guard_against_crash_loops() {
  local file="$checkpoints/.restarts" newest before="" count=0
  mkdir -p "$checkpoints"
  newest=$(newest_checkpoint)
  if [ "${SLURM_RESTART_COUNT:-0}" -gt 0 ] && [ -f "$file" ]; then
    IFS=$'\t' read -r count before <"$file" || true
    if [ "$newest" = "$before" ]; then count=$((count + 1)); else count=0; fi
  fi
  printf '%d\t%s\n' "$count" "$newest" >"$file"
  if [ "$count" -ge "$most_restarts" ]; then
    die "restarted $count times without a new checkpoint in $checkpoints: see the log above, then submit again"
  fi
}

# job_flags FLAGS... : `flags` becomes the GPUs', the checkpoints' and these; of a flag that is there twice the last one.
# GPU_FLAGS, or else default_gpu_flags, choose the GPUs.
job_flags() {
  local -a gpus
  read -ra gpus <<<"${GPU_FLAGS-${default_gpu_flags-}}"
  last_wins ${gpus[@]+"${gpus[@]}"} --checkpoint-dir "$checkpoints" --resume auto "$@"
}

# run_job COMMAND... : runs it, passes the signals on, and has Slurm start the job anew when it was stopped (exit code 75)
# or has lost a rank (5).
run_job() {
  local rc=0
  guard_against_crash_loops
  "$@" || rc=$?
  case $rc in
    5 | 75)
      step "Exit code $rc: this job goes on from $(newest_checkpoint) when Slurm starts it anew"
      scontrol requeue "$SLURM_JOB_ID"
      ;;
  esac
  exit "$rc"
}

# srun_here [srun's flags] PROGRAM... : a step that ends when one of its ranks does. Slurm's TERM becomes a request to
# stop, as in mpirun_here.
srun_here() {
  forward_signals srun --mpi=pmix --kill-on-bad-exit=1 --cpu-bind=none "$@"
}
