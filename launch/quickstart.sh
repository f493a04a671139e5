#!/usr/bin/env bash
# From a fresh machine to a trained model: installs what is missing, builds, trains a small network on
# Fashion-MNIST with two ranks and then with one, and shows both runs side by side.
#
#   launch/quickstart.sh
#
# Expect: an accuracy of 0.88 or more and the same loss_digest in both columns. The first time takes some
# minutes; after that nothing is installed or built again. FEEDLINE_DATA names another folder with the four
# IDX files.
set -euo pipefail
# shellcheck source=launch/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case ${1:-} in
  "") ;;
  -h | --help) print_help "$0"; exit 0 ;;
  *) die "launch/quickstart.sh takes no arguments. Your own data: launch/workstation.sh --train-data DIR" ;;
esac

"$repo/launch/setup.sh"

data=${FEEDLINE_DATA:-/usr/share/datasets/fashion-mnist}
[ -d "$data" ] || die "there is no folder $data. Debian's package dataset-fashion-mnist brings" \
  "/usr/share/datasets/fashion-mnist (apt-get install --reinstall dataset-fashion-mnist);" \
  "FEEDLINE_DATA names another folder with the four IDX files."

"$repo/launch/build.sh" "$(chosen_preset)" feedline

program=$(feedline_program)
results="$repo/build/quickstart"
mkdir -p "$results"
rm -f "$results"/*.json
flags=(--train-data "$data" --model-size tiny --epochs 2 --batch-size 64)

step "Training with two ranks: one prepares the data, the other trains"
mpirun_here 2 "$program" train "${flags[@]}" --summary "$results/two_ranks.json"

step "The same with one rank that does both"
"$program" train "${flags[@]}" --summary "$results/one_rank.json"

step "Both runs side by side (from $results/*.json)"
python3 "$repo/launch/compare_summaries.py" "$results/two_ranks.json" "$results/one_rank.json"
step "Done. Next: $program --help"
