#!/usr/bin/env bash
# Installs the loaders that feedline is compared with into ~/.cache/feedline/peers: some 6 GB from PyPI.
# SPDL needs FFmpeg's libraries, too; in Debian 12: libavdevice59 libavfilter8.
set -euo pipefail
venv="${XDG_CACHE_HOME:-$HOME/.cache}/feedline/peers"
python3 -m venv "$venv"
"$venv/bin/pip" install --quiet -r "$(dirname "${BASH_SOURCE[0]}")/requirements.txt"
echo "$venv/bin/python"
