#!/usr/bin/env bash
# Packs feedline into a folder that runs on a machine with only a driver, the CUDA toolkit and PyTorch: no root, no
# package installation, no compiler.
#
#   tests/gpu/bundle.sh [--no-data] [PRESET [OUTPUT]]
#
# PRESET is a build, by name (release) or folder; OUTPUT is build/bundle unless given, and is replaced. In it:
#
#   run.sh             runs the tests of GPUs and the GPU benchmark, and writes a report
#   bin/               feedline, mpirun, tests and benchmarks: start these
#   env.sh             sourced, makes a shell in which libexec/ runs; bin/ does that by itself
#   libexec/, lib/     the programs, stripped, and what they need
#   data/              Fashion-MNIST (not with --no-data)
#   left_to_the_machine.txt    libraries that are not packed: torch's, CUDA's, the driver's, glibc
#   plugins_left_out.txt       parts of Open MPI for network hardware whose libraries are not packed
#
# The folder may lie anywhere and be moved. glibc must be as new as where it was built, torch of the same version.
set -euo pipefail
# shellcheck source=launch/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../launch/lib.sh"
here="$repo/tests/gpu"

most_bytes=60000000
libraries=/usr/lib/$(uname -m)-linux-gnu
fashion_mnist=${FEEDLINE_FASHION_MNIST:-/usr/share/datasets/fashion-mnist}

# Where torch, CUDA and the driver are, and what glibc is made of: the machine's own.
left_files='/torch/lib/|/nvidia/|/cuda'
left_names='^(linux-vdso|ld-linux|libc|libm|libdl|libpthread|librt|libutil|libresolv|libcuda|libnvidia-ml)[.-]'
# What nearly every machine has, and what others in the process use too: packed, but only used where it is missing or old.
spare_names='^(libstdc\+\+|libgcc_s|libz|libudev|libcap)\.so'
# Plugins that need one of these are left out.
hardware='libfabric|libibverbs|libucp|libpsm|libnl-|liboshmem|libmca_common_monitoring'

stripped() { # FILE... FOLDER: copies without symbols
  local folder=${*: -1} file
  for file in "${@:1:$#-1}"; do strip --strip-unneeded -o "$folder/$(basename "$file")" "$file"; done
}

# Prints "NAME PATH" of all libraries that the files load at their start.
needed() { ldd "$@" | awk '$2 == "=>" {print $1, $3}' | sort -u; }

packed_programs() { find "$output/libexec" "$output/lib" -type f \( -perm -u+x -o -name '*.so*' \) ! -path '*/spare/*'; }

pack_programs() {
  mapfile -t programs < <(python3 "$here/bundle/tests_of.py" --programs "$build")
  stripped "$build/bin/feedline" "${programs[@]}" "$output/libexec"
}

pack_open_mpi() {
  local plugin
  stripped "$(command -v mpirun)" "$(command -v orted)" "$output/libexec"
  for plugin in "$libraries"/openmpi/lib/openmpi3/mca_*.so; do
    if needed "$plugin" | grep -qE "$hardware"; then
      basename "$plugin" >>"$output/plugins_left_out.txt"
    else
      stripped "$plugin" "$output/lib/openmpi"
    fi
  done
  stripped "$libraries"/pmix2/lib/pmix/*.so "$output/lib/pmix"
  cp /usr/share/openmpi/help-*.txt "$output/share/openmpi/"
  cp "$libraries"/pmix2/share/pmix/help-*.txt "$output/share/pmix/"
}

pack_libraries() {
  local name path
  mapfile -t all < <(packed_programs)
  while read -r name path; do
    if [ "$path" = not ]; then die "$name, which the programs need, is not on this machine."; fi
    if [[ $path =~ $left_files || $name =~ $left_names ]]; then
      echo "$name" >>"$output/left_to_the_machine.txt"
    elif [[ $name =~ $spare_names ]]; then
      mkdir -p "$output/lib/spare/$name"
      stripped "$path" "$output/lib/spare/$name"
    else
      stripped "$path" "$output/lib"
    fi
  done < <(needed "${all[@]}")
}

# Prints which versions of library "$1" the packed files ask for, as in GLIBC_2.34.
versions_of() {
  packed_programs | xargs readelf -V 2>/dev/null |
    awk -v library="$1" '/File: / {inside = ($5 == library)} inside && /Name: / {sub(/.*Name: /, ""); print $1}' | sort -uV
}

note_versions() {
  local folder python
  versions_of libc.so.6 | sed -n 's/^GLIBC_\([0-9.]*\)$/\1/p' | tail -n 1 >"$output/lib/glibc"
  for folder in "$output"/lib/spare/*/; do versions_of "$(basename "$folder")" >"$folder/versions"; done
  python=$(sed -n 's/^FEEDLINE_TORCH:[A-Z]*=//p' "$build/CMakeCache.txt")
  "$python" "$repo/cmake/torch_package.py" | cut -d ';' -f 2 >"$output/lib/torch"
}

pack_tests() {
  local program
  for program in "$output"/libexec/*; do
    cp "$here/bundle/start.sh" "$output/bin/$(basename "$program")"
  done
  cp "$here/bundle/env.sh" "$here/run.sh" "$output/"
  cp "$here"/bundle/{torch_libraries.py,run_all.py,report.py,check.sh} "$output/lib/"
  cp "$here"/*_test.py "$output/tests/gpu/"
  cp "$repo"/tests/support/*.py "$output/tests/support/"
  cp "$repo"/benchmarks/gpu_bench.py "$output/benchmarks/"
  python3 "$here/bundle/tests_of.py" "$build" >"$output/tests/tests.json"
  git -C "$repo" describe --always --dirty --abbrev=12 >"$output/commit" 2>/dev/null || echo unknown >"$output/commit"
}

check_size() {
  local bytes
  bytes=$(du -sb --apparent-size "$output" | cut -f 1)
  [ "$bytes" -le $most_bytes ] || {
    du -ab --apparent-size "$output" | sort -rn | sed -n '2,12p' >&2
    die "$output takes $bytes bytes, more than the $most_bytes that may be: see its largest files above."
  }
  step "$output: $(find "$output" -type f | wc -l) files, $((bytes / 1000000)) MB"
}

with_data=yes
if [ "${1:-}" = --no-data ]; then
  with_data=
  shift
fi
case ${1:-} in
  -h | --help) print_help "$0"; exit 0 ;;
  -*) die "unknown flag $1. tests/gpu/bundle.sh --help lists them." ;;
esac
preset=${1:-$(default_preset)}
if [ -d "$preset" ]; then build=$(cd "$preset" && pwd); else build="$repo/build/$preset"; fi
output=$(realpath -m "${2:-$repo/build/bundle}")
[ -x "$build/bin/feedline" ] || die "$build/bin/feedline is not there. Build it: launch/build.sh $preset"
if [ -e "$output" ] && [ ! -e "$output/left_to_the_machine.txt" ]; then
  die "$output is there and is no bundle. Give another folder."
fi

step "Packing $build into $output"
rm -rf "$output"
mkdir -p "$output"/{bin,libexec,etc,data,benchmarks} "$output"/lib/{openmpi,pmix,spare} "$output"/share/{openmpi,pmix} \
  "$output"/tests/{gpu,support}
pack_programs
pack_open_mpi
pack_libraries
note_versions
pack_tests
[ -z "$with_data" ] || cp -r "$fashion_mnist" "$output/data/fashion-mnist"
check_size
