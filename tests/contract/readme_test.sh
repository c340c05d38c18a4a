#!/bin/bash
# Runs the commands of the documents, so that none is there that nobody ran:
# readme_test.sh [FILE.md…]; all of the repository when none is named.
#
# A fenced `sh` block is a test when the line before it is one of
#   <!-- test -->         needs a gateway: LSCP_ENDPOINT, LSCP_CERT, LSCP_KEY, LSCP_CA, LSCP_BOROUGH
#   <!-- test: stack -->  needs the stack that ./lscp up starts, with its sample
# The blocks of a file run one after the other in one shell, at the top of the repository; the first
# command that fails fails the test. What runs is said by LSCP_README_ENV:
#   (unset)   nothing; each block is only read by the shell
#   gateway   blocks of the first kind
#   stack     all
set -euo pipefail

cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."

# blocks_of FILE KIND: the blocks' lines; KIND is "gateway" or "stack".
blocks_of() {
  awk -v kind="$2" '
    inside && /^```/ { inside = 0; next }
    inside { print; next }
    /^```sh$/ && (mark == "gateway" || (mark == "stack" && kind == "stack")) { inside = 1 }
    { mark = "" }
    /^<!-- test -->$/ { mark = "gateway" }
    /^<!-- test: stack -->$/ { mark = "stack" }
  ' "$1"
}

# Every document but those of other people and those in hidden folders.
documents() {
  find . \( -name '.?*' -o -name build -o -name node_modules \) -prune -o -name '*.md' -print | sort
}

(($# > 0)) || mapfile -t files < <(documents)
(($# == 0)) || files=("$@")
failed=0
for file in "${files[@]}"; do
  blocks=$(blocks_of "$file" "${LSCP_README_ENV:-stack}")
  [[ -n $blocks ]] || continue
  if [[ -n ${LSCP_README_ENV:-} ]]; then
    echo "== $file"
    bash -xeuo pipefail -c "$blocks" || { echo "FAILED: $file" && failed=1; }
  else
    bash -n -c "$blocks" || { echo "FAILED: $file" && failed=1; }
  fi
done
exit "$failed"
