#!/usr/bin/env bash
# One machine with two GPUs: rank 0 prepares the data on one, rank 1 trains on the other.
#
#   launch/two_gpus.sh --train-data DIR [more of feedline's flags]
#   launch/two_gpus.sh --train-data DIR --buffer-size 100 --batch-size 64 --num-workers 16 --epochs 500
#
# Flags of your own win over the script's, and of a flag that is there twice the last one counts.
# DATA_GPU (0) and MODEL_GPU (1) choose the GPUs: the weaker one for data, the stronger one for training.
#
# Expect: "Multi-GPU Mode", the start delay, "Model training starting now", and training that waits for
# no data: `busy` near 100 % in the closing table. With fewer than two GPUs: "Insufficient GPUs for
# Multi-GPU Mode" and exit code 3.
set -euo pipefail
# shellcheck source=launch/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

program=$(feedline_program)
last_wins --data-gpu "${DATA_GPU:-0}" --model-gpu "${MODEL_GPU:-1}" "$@"
mpirun_here 2 "$program" train "${flags[@]}"
