#!/bin/bash
# A borough that ./lscp k8s add-borough makes passes every check, in a copy of this repository; $1 is
# the test that gives configurations to the binaries.
set -euo pipefail

cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
scratch=$(mktemp -d /tmp/lscp-k8s-XXXXXX)
trap 'rm -rf -- "$scratch"' EXIT
tar -c --exclude=node_modules lscp CMakeLists.txt .ci k8s protos gateway/policy services/*/{main.cc,settings} | tar -x -C "$scratch"
./lscp k8s render k8s/boroughs/barnet >/dev/null # the tools are installed here, not through the link
ln -s "$PWD/.ci/tools/node_modules" "$scratch/.ci/tools/node_modules"
lscp=$scratch/lscp

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}

"$lscp" k8s add-borough kingston-example
"$lscp" k8s check k8s/boroughs/kingston-example
for file in "$scratch"/k8s/boroughs/kingston-example/{*,*/*}; do
  if [[ -f $file ]] && grep -qi barnet "$file"; then fail "$file speaks of Barnet"; fi
done
LSCP_MANIFESTS=$scratch/k8s "$1"
! "$lscp" k8s add-borough kingston-example || fail "a borough was made twice"
for name in '' UPPER '../barnet' 'a b' '-x'; do
  ! "$lscp" k8s add-borough "$name" || fail "'$name' was taken for a name"
done
