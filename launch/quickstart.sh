#!/usr/bin/env bash
# From a fresh machine to a trained model: installs what is missing, builds, trains a small network with two ranks
# and then with one, and shows both runs side by side.
#
#   launch/quickstart.sh [images | speech]
#
# images (unless told otherwise): Fashion-MNIST; expect an accuracy of 0.88 or more.
# speech: text to speech from Debian's recorded prompts; expect a mel_l1 below 0.75 x mel_l1_of_mean.
# Expect the same loss_digest in both columns. The first time takes some minutes; after that nothing is installed or
# built again. FEEDLINE_DATA names another folder: one with the four IDX files, or one as speech_data.sh makes it.
set -euo pipefail
# shellcheck source=launch/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

subject=${1:-images}
case $subject in
  images | speech) ;;
  -h | --help) print_help "$0"; exit 0 ;;
  *) die "launch/quickstart.sh takes images or speech. Your own data: launch/workstation.sh --train-data DIR" ;;
esac

"$repo/launch/setup.sh"

if [ "$subject" = speech ]; then
  data=${FEEDLINE_DATA:-$repo/build/speech-data}
  [ -d "$data/en" ] || "$repo/launch/speech_data.sh" "$data"
  flags=(--train-data "$data/en" --task speech --model-size tiny --epochs 3 --batch-size 16 --max-shapes 16)
else
  data=${FEEDLINE_DATA:-/usr/share/datasets/fashion-mnist}
  [ -d "$data" ] || die "there is no folder $data. Debian's package dataset-fashion-mnist brings" \
    "/usr/share/datasets/fashion-mnist (apt-get install --reinstall dataset-fashion-mnist);" \
    "FEEDLINE_DATA names another folder with the four IDX files."
  flags=(--train-data "$data" --model-size tiny --epochs 2 --batch-size 64)
fi

"$repo/launch/build.sh" "$(chosen_preset)" feedline

program=$(feedline_program)
results="$repo/build/quickstart/$subject"
mkdir -p "$results"
rm -f "$results"/*.json

step "Training with two ranks: one prepares the data, the other trains"
mpirun_here 2 "$program" train "${flags[@]}" --summary "$results/two_ranks.json"

step "The same with one rank that does both"
"$program" train "${flags[@]}" --summary "$results/one_rank.json"

step "Both runs side by side (from $results/*.json)"
python3 "$repo/launch/compare_summaries.py" "$results/two_ranks.json" "$results/one_rank.json"
if [ "$subject" = speech ]; then
  step "Pictures of what the model sees, in $results/preview"
  "$program" preview "${flags[@]}" --max-steps 2 --output "$results/preview"
fi
step "Done. Next: $program --help"
