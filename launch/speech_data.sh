#!/usr/bin/env bash
# Makes data sets of real speech from Debian's recorded telephone prompts: five languages, one voice each, 8 kHz.
#
#   launch/speech_data.sh [DIR]        DIR is build/speech-data unless given
#
# DIR/en, es, fr, it, ru: LJSpeech folders for text to speech, each metadata.csv and wavs/, 21 to 29 minutes.
# DIR/languages: the same recordings, a folder a language, to tell languages apart.
# Recordings without words, or whose transcript is missing or doubtful, are left out and counted.
# The packages asterisk-core-sounds-* are installed if they are missing. What is there already stays.
set -euo pipefail
# shellcheck source=launch/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

languages=(en es fr it ru)
data="$repo/build/speech-data"

case ${1:-} in
  "") ;;
  -h | --help) print_help "$0"; exit 0 ;;
  -*) die "unknown flag $1. launch/speech_data.sh --help explains." ;;
  *) data=$1 ;;
esac

is_complete() {
  compgen -G "/usr/share/doc/asterisk-core-sounds-$1/core-sounds-*.txt.gz" >/dev/null &&
    [ -f "/usr/share/asterisk/sounds/$1/hello-world.wav" ]
}

# Small images of Debian leave documentation out, and the transcripts are documentation: hence the path, and --reinstall.
install_prompts() {
  local missing=() language
  for language in "${languages[@]}"; do
    is_complete "$language" || missing+=("asterisk-core-sounds-$language" "asterisk-core-sounds-$language-wav")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "there is no apt-get here. Install by other means: ${missing[*]}"
  step "Installing packages: ${missing[*]}"
  as_root true  # asks for the password, if any, where it can be seen
  logged speech-update as_root apt-get update -q
  logged speech-install as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends --reinstall \
    -o 'DPkg::Options::=--path-include=/usr/share/doc/asterisk-core-sounds-*' "${missing[@]}"
}

install_prompts
step "Making the data sets in $data"
python3 "$repo/launch/speech_data.py" "$data"
step "Done. Next: launch/workstation.sh --task speech --train-data $data/en"
