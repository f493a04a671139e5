#!/usr/bin/env bash
# Configures and builds build/<preset>; quick when nothing changed.
#
#   launch/build.sh [PRESET [TARGET...]]
#
# Presets are those of CMakePresets.json. Without one: release (with CUDA) where there is a CUDA toolkit,
# else cpu-only. The program is build/<preset>/bin/feedline.
set -euo pipefail
# shellcheck source=launch/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# A compile that includes torch takes up to 2 GB of memory.
parallel_jobs() {
  local free_gb
  free_gb=$(awk '/^MemAvailable/ {print int($2 / 1048576)}' /proc/meminfo)
  printf '%s\n' "$(nproc)" "$((free_gb < 4 ? 1 : free_gb / 2))" | sort -n | head -n 1
}

case ${1:-} in
  -h | --help) print_help "$0"; exit 0 ;;
esac
preset=${1:-$(default_preset)}
shift $(($# > 0))

definitions=()
kind=$(torch_kind "$preset")
if [ "$kind" != none ]; then
  python=$(torch_python "$kind")
  usable_torch "$python" >/dev/null || die "there is no usable torch in $python. Run launch/setup.sh first."
  definitions=("-DFEEDLINE_TORCH=$python")
fi

step "Configuring build/$preset"
logged "$preset-configure" cmake -S "$repo" --preset "$preset" "${definitions[@]}"
grep -h -- '^-- feedline: ' "$repo/build/logs/$preset-configure.log" || true
step "Building build/$preset"
cmake --build "$repo/build/$preset" --parallel "$(parallel_jobs)" ${1:+--target "$@"}
