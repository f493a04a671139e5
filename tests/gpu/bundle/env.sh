# shellcheck shell=bash
# Sourced: where this folder's programs find their libraries, and Open MPI its plugins. torch is that of the Python
# FEEDLINE_TORCH, else of python3 or python on PATH. Once set, nothing is looked for again, also not in the ranks.

_feedline_root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

_feedline_die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# Sets FEEDLINE_TORCH to the Python, and _feedline_libraries to torch's folders of libraries.
_feedline_find_torch() {
  local python version reasons="" reason
  version=$(cat "$_feedline_root/lib/torch")
  for python in ${FEEDLINE_TORCH:-python3 python}; do
    command -v "$python" >/dev/null || { reasons+="; there is no $python"; continue; }
    if _feedline_libraries=$("$python" "$_feedline_root/lib/torch_libraries.py" "$version" 2>/dev/null); then
      FEEDLINE_TORCH=$(command -v "$python")
      export FEEDLINE_TORCH
      return
    fi
    reason=$("$python" "$_feedline_root/lib/torch_libraries.py" "$version" 2>&1 | tail -n 1) || true
    reasons+="; $reason"
  done
  _feedline_die "no Python with torch $version was found${reasons}. Name one: FEEDLINE_TORCH=/path/to/python"
}

# Prints the folders of those spare libraries that this machine lacks or has too old.
_feedline_spares() {
  local folder name path version
  for folder in "$_feedline_root"/lib/spare/*; do
    name=${folder##*/}
    path=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null |
      awk -v name="$name" '$1 == name && /x86-64/ {print $NF; exit}') || path=""
    [ -r "$path" ] || { echo "$folder"; continue; }
    while read -r version; do
      grep -qaF "$version" "$path" || { echo "$folder"; break; }
    done <"$folder/versions"
  done
}

_feedline_check_glibc() {
  local wanted here
  wanted=$(cat "$_feedline_root/lib/glibc")
  here=$(getconf GNU_LIBC_VERSION 2>/dev/null | awk '{print $2}') || here=""
  [ -n "$here" ] || _feedline_die "this machine has no glibc, which these programs need ($wanted or newer)."
  printf '%s\n%s\n' "$wanted" "$here" | sort -CV ||
    _feedline_die "this machine's glibc is $here; these programs need $wanted or newer. Build and pack feedline on a" \
      "system as old as this one, or run it in a container of a newer one."
}

if [ "${FEEDLINE_BUNDLE:-}" != "$_feedline_root" ]; then
  _feedline_check_glibc
  _feedline_find_torch
  _feedline_spares_here=$(_feedline_spares | tr '\n' ':')
  export LD_LIBRARY_PATH="$_feedline_root/lib:$_feedline_spares_here$_feedline_libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
  export FEEDLINE_BUNDLE="$_feedline_root"
  export OPAL_PREFIX="$_feedline_root" OPAL_BINDIR="$_feedline_root/bin" OPAL_LIBDIR="$_feedline_root/lib" \
    OPAL_PKGLIBDIR="$_feedline_root/lib/openmpi" OPAL_PKGDATADIR="$_feedline_root/share/openmpi" \
    OPAL_SYSCONFDIR="$_feedline_root/etc"
  export PMIX_PREFIX="$_feedline_root" PMIX_LIBDIR="$_feedline_root/lib" PMIX_PKGLIBDIR="$_feedline_root/lib/pmix" \
    PMIX_PKGDATADIR="$_feedline_root/share/pmix" PMIX_SYSCONFDIR="$_feedline_root/etc"
  export HWLOC_PLUGINS_PATH="$_feedline_root/lib/hwloc"  # not there: no plugins of another hwloc
  # Without a remote shell mpirun would not even start ranks here.
  if [ ! -x "$(command -v ssh)" ] && [ ! -x "$(command -v rsh)" ] && [ -z "${SLURM_JOB_ID:-}" ]; then
    export OMPI_MCA_plm="${OMPI_MCA_plm:-isolated}"
  fi
  if [ "$(id -u)" -eq 0 ]; then
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
  fi
fi
