#!/usr/bin/env bash
# Prints the Python whose torch is used, then a line for each library that a packed program or plugin does not find.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=tests/gpu/bundle/env.sh
. "$root/env.sh"
echo "$FEEDLINE_TORCH"
find "$root/libexec" "$root/lib/openmpi" "$root/lib/pmix" -type f | while read -r file; do
  ldd "$file" 2>&1 | sed -n "s|^[[:space:]]*\(.*not found.*\)|${file#"$root"/}: \1|p"
done
