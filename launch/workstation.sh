#!/usr/bin/env bash
# One machine with one GPU, or none: one rank prepares the data and trains, with a deep buffer in between.
#
#   launch/workstation.sh --train-data DIR [more of feedline's flags]
#   launch/workstation.sh --train-data DIR --batch-size 32 --model-size small --epochs 100
#
# With little memory:
#
#   launch/workstation.sh --train-data DIR --buffer-size 25 --batch-size 16 --grad-accum 4 --num-workers 4
#
# Expect: "Single-GPU Buffered Mode", a first step within seconds, and `busy` near 100 % in the closing table
# if preparing a batch takes less time than training on it; otherwise the program says what to change.
set -euo pipefail
# shellcheck source=launch/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

program=$(feedline_program)
last_wins "$@"
exec "$program" train ${flags[@]+"${flags[@]}"}
