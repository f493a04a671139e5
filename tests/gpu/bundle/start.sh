#!/usr/bin/env bash
# Starts the program of this name from ../libexec with the libraries it needs.
set -euo pipefail
FEEDLINE_BUNDLE_ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=tests/gpu/bundle/env.sh
. "$FEEDLINE_BUNDLE_ROOT/env.sh"
# By its bare name: mpirun takes the folder of a path that it was called by for its installation.
exec -a "${0##*/}" "$FEEDLINE_BUNDLE_ROOT/libexec/${0##*/}" "$@"
