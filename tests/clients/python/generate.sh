#!/bin/bash
# Makes the modules of the contract for Python: generate.sh DIRECTORY. Needs Debian's
# protobuf-compiler and protobuf-compiler-grpc.
set -euo pipefail

protos=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../../../protos" && pwd)
google=${LSCP_GOOGLEAPIS:-/usr/share/gocode/src/github.com/gogo/googleapis}
mkdir -p "$1"
out=$(cd -- "$1" && pwd)

cd "$protos"
find safeguarding -name '*.proto' -print0 |
  xargs -0 protoc -I . -I "$google" --python_out="$out"
find safeguarding -name '*_service.proto' -print0 |
  xargs -0 protoc -I . -I "$google" --grpc_python_out="$out" \
    --plugin=protoc-gen-grpc_python="$(command -v grpc_python_plugin)"
protoc -I "$google" --python_out="$out" \
  google/rpc/status.proto google/rpc/error_details.proto google/type/date.proto
