#!/usr/bin/env bash
# Installs what feedline needs and this machine lacks (Debian 12, Ubuntu 24.04).
#
#   launch/setup.sh [--cpu | --both] [--slurm] [--cross]
#
# Packages come from apt, as root or through sudo. torch goes into ~/.cache/feedline, outside the checkout:
# the small CPU install (1.3 GB), or with a CUDA toolkit the whole one (4.7 GB).
#   --cpu    the small install also where there is a CUDA toolkit
#   --both   both of them
#   --slurm  also Slurm, which only the tests of the job scripts need
#   --cross  also the compiler for aarch64, which only the test aarch64_syntax needs
# FEEDLINE_TORCH=python3 takes the torch of that Python instead, if it is 2.6 or newer.
set -euo pipefail
# shellcheck source=launch/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

packages=(
  build-essential cmake ninja-build ccache pkg-config git
  libopenmpi-dev openmpi-bin libboost-program-options-dev libgtest-dev libgmock-dev libbenchmark-dev
  libspdlog-dev libfmt-dev nlohmann-json3-dev libxxhash-dev zlib1g-dev
  libjpeg-dev libspng-dev libhwy-dev libstb-dev libsndfile1-dev libutf8proc-dev
  python3 python3-venv dataset-fashion-mnist
)

# torch's CPU half is linked against the CUDA runtime all the same: these two small packages.
cpu_requirements=(--no-deps "torch==$torch_version" nvidia-cuda-runtime==13.0.96 nvidia-cuda-cupti==13.0.85)
cuda_requirements=("torch==$torch_version")

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

install_packages() {
  local missing=() package
  command -v apt-get >/dev/null || die "there is no apt-get here. Install by other means: ${packages[*]}"
  for package in "${packages[@]}"; do
    is_installed "$package" || missing+=("$package")
  done
  if [ ${#missing[@]} -eq 0 ]; then
    step "Packages: all ${#packages[@]} are there"
    return
  fi
  step "Installing packages: ${missing[*]}"
  as_root true  # asks for the password, if any, where it can be seen
  logged setup-update as_root apt-get update -q
  logged setup-install as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends "${missing[@]}"
}

check_cmake() {
  local version
  version=$(cmake --version | sed -n '1s/cmake version //p')
  at_least "$version" 3.25 ||
    die "feedline needs CMake 3.25 or newer; $(command -v cmake) is $version. Put a newer one first on PATH" \
      "(https://cmake.org/download has builds for every Linux)."
}

# The venv gets its name when it is complete, so an interrupted install is never taken for one.
install_torch() {
  local kind=$1 venv unfinished facts quiet=--quiet
  shift
  venv=$(torch_venv "$kind")
  unfinished="$venv.unfinished"
  if facts=$(usable_torch "$venv/bin/python"); then
    step "torch ($kind): $facts"
    return
  fi
  step "Installing torch $torch_version ($kind) into $venv"
  [ ! -t 1 ] || quiet=
  rm -rf "$unfinished" "$venv"
  /usr/bin/python3 -m venv "$unfinished"
  "$unfinished/bin/python" -m pip install ${quiet:+"$quiet"} --disable-pip-version-check "$@"
  mv "$unfinished" "$venv"
  usable_torch "$venv/bin/python" >/dev/null || die "the torch just installed into $venv cannot be used."
}

install_torches() {
  mkdir -p "$cache"
  exec 9>"$cache/setup.lock"
  flock 9
  local kind
  for kind in "$@"; do
    case $kind in
      cpu) install_torch cpu "${cpu_requirements[@]}" ;;
      cuda) install_torch cuda "${cuda_requirements[@]}" ;;
    esac
  done
}

kinds=("$(torch_kind release)")
for flag in "$@"; do
  case $flag in
    --cpu) kinds=(cpu) ;;
    --both) kinds=(cpu cuda) ;;
    --slurm) packages+=(slurm-wlm munge) ;;
    --cross) packages+=(g++-aarch64-linux-gnu) ;;
    -h | --help) print_help "$0"; exit 0 ;;
    *) die "unknown flag $flag. launch/setup.sh --help lists them." ;;
  esac
done

install_packages
check_cmake
if facts=$(own_torch); then
  step "torch of FEEDLINE_TORCH=$FEEDLINE_TORCH: $facts"
else
  [ -z "${FEEDLINE_TORCH:-}" ] ||
    step "FEEDLINE_TORCH=$FEEDLINE_TORCH has no torch 2.6 or newer: another is installed"
  install_torches "${kinds[@]}"
fi
