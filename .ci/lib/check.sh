# shellcheck shell=bash
# ./lscp check: everything that is decided by looking at the text. --fix repairs what can be repaired.

check_fix=no
check_failures=()

# run_check TITLE COMMAND...: runs one check, goes on after a failure and remembers it.
run_check() {
  local title=$1
  shift
  step "$title"
  "$@" || check_failures+=("$title")
}

# Tracked files (and new ones that git does not ignore) that match the patterns and exist.
source_files() {
  git -C "$LSCP_ROOT" ls-files -z --cached --others --exclude-standard --deduplicate -- "$@" |
    while IFS= read -r -d '' file; do
      [[ -f $LSCP_ROOT/$file ]] && printf '%s\0' "$file"
    done
  return 0
}

check_format() {
  local mode=(--dry-run --Werror)
  [[ $check_fix == no ]] || mode=(-i)
  source_files '*.h' '*.cc' | xargs -0 -r clang-format "${mode[@]}"
}

check_tidy() {
  local arguments=()
  [[ $check_fix == no ]] || arguments=(--fix)
  build_preset dev lscp_generated || return 1
  python3 "$LSCP_ROOT/.ci/lib/tidy.py" "${arguments[@]}"
}

# Scripts by their names or first lines; the parts in .ci/lib are followed from those that source them.
check_shell() {
  local file scripts=()
  while IFS= read -r -d '' file; do
    if [[ $file == *.sh ]] || grep -qE -m 1 '^#!.*(ba)?sh$' <(head -n 1 "$file" | tr -d '\0'); then
      scripts+=("$file")
    fi
  done < <(source_files lscp '*.sh' '.ci/*' 'tests/*' 'k8s/*' ':!.ci/lib/*')
  shellcheck --external-sources --check-sourced "${scripts[@]}"
}

# The binary of buf, installed on demand under .ci/tools.
buf() {
  local machine binary
  machine=$(uname -m)
  binary="$LSCP_ROOT/.ci/tools/node_modules/@bufbuild/buf-linux-${machine/x86_64/x64}/bin/buf"
  install_tools "$binary"
  "$binary" "$@"
}

# buf_workspace DIR PROTOS: a workspace in which our protos find Google's, which Debian installs and
# which buf cannot import from outside. Rules are those of protos/buf.yaml.
buf_workspace() {
  local workspace=$1 protos=$2
  local google=/usr/share/gocode/src/github.com/gogo/googleapis/google
  [[ -d $google ]] || { say "golang-github-gogo-googleapis-dev is not installed"; return 1; }
  rm -rf -- "$workspace"
  mkdir -p "$workspace/protos" "$workspace/googleapis"
  ln -s "$protos/safeguarding" "$workspace/protos/safeguarding"
  ln -s "$google" "$workspace/googleapis/google"
  sed 's|^  - path: \.$|  - path: protos\n  - path: googleapis|' "$protos/buf.yaml" \
    >"$workspace/buf.yaml"
}

# buf COMMAND on our protos, with messages that name the files in protos/.
buf_on_protos() {
  local command=$1
  shift
  buf "$command" build/buf/now/protos "$@" | sed 's|build/buf/now/||g'
}

check_proto_breaking() {
  local tag
  tag=$(git describe --tags --match 'v*' --abbrev=0 2>/dev/null) || {
    say "    no tag v* yet: nothing to be compatible with"
    return 0
  }
  say "    compared with $tag"
  rm -rf build/buf/tagged
  mkdir -p build/buf/tagged
  git archive "$tag" protos | tar -x -C build/buf/tagged
  buf_workspace "$PWD/build/buf/then" "$PWD/build/buf/tagged/protos" &&
    buf build build/buf/then/protos -o build/buf/then.binpb &&
    buf_on_protos breaking --against build/buf/then.binpb
}

check_protos() {
  local format=(-d --exit-code)
  [[ $check_fix == no ]] || format=(-w)
  buf_workspace "$PWD/build/buf/now" "$PWD/protos" || return 1
  buf_on_protos format "${format[@]}" && buf_on_protos lint && check_proto_breaking
}

# Files in text format say in their first lines which message they are; protoc agrees.
check_text_protos() {
  local google=/usr/share/gocode/src/github.com/gogo/googleapis file proto message failed=0
  while IFS= read -r -d '' file; do
    proto=$(sed -n 's/^# proto-file: protos\///p' "$file")
    message=$(sed -n 's/^# proto-message: //p' "$file")
    protoc --encode="$message" -I protos -I "$google" "$proto" <"$file" >/dev/null || {
      say "    in $file"
      failed=1
    }
  done < <(source_files '*.textproto')
  return "$failed"
}

# Lines of code, "file:line:code", without comments and empty lines.
code_lines() {
  # shellcheck disable=SC2016 # $0 is awk's
  source_files "$@" | xargs -0 -r awk '{ sub(/\/\/.*/, "") } NF { print FILENAME ":" FNR ":" $0 }'
}

# forbid REASON PATTERN [EXCEPTION]: fails if a line of stdin matches PATTERN and not EXCEPTION, and
# prints it with the reason.
forbid() {
  local reason=$1 pattern=$2 exception=${3:-'^$'} found
  found=$(grep -iE -e "$pattern" | grep -vE -e "$exception") || return 0
  say "$found"
  say "    not allowed: $reason"
  return 1
}

# What the layers may know of each other (services/README.md).
check_layers() {
  local failed=0 directory service others
  local platform='options|errors|timescales|indicators|audit|events|internal|config'
  code_lines 'services/common/*.h' 'services/common/*.cc' |
    forbid "services/common knows no service's messages" \
      '#include "safeguarding/' "\"safeguarding/($platform)/" || failed=1
  code_lines 'services/common/*.h' 'services/common/*.cc' ':!*_test.cc' |
    forbid "words of the domain in services/common" \
      '(school|pupil|social.?worker|police|\bmash\b|\bnhs|contact|referral|conference|guardian)' || failed=1
  for directory in services/*/; do
    service=$(basename "$directory")
    [[ $service != common && $service != domain && $service != adr ]] || continue
    others=$(find services -mindepth 1 -maxdepth 1 -type d ! -name common ! -name domain ! -name "$service" \
      -printf '%f\n' | paste -sd '|')
    code_lines "services/$service/*.h" "services/$service/*.cc" |
      forbid "$service includes another service's code" "#include \"(${others:-none})/" || failed=1
    code_lines "services/$service/*.h" "services/$service/*.cc" |
      forbid "gRPC is spoken in services/common/rpc and the gateway only" \
        '#include [<"]grpc' || failed=1
  done
  return "$failed"
}

# Every file is small enough to be read in one go, and a server's main.cc says only what it is.
check_sizes() {
  local failed=0 lines file
  while read -r lines file; do
    [[ $file != total ]] || continue
    if ((lines > 400)) || { [[ $file =~ ^(services/[a-z_]+|gateway)/main\.cc$ ]] && ((lines > 30)); }; then
      say "$file: $lines lines; 400 are the most, 30 for a main.cc"
      failed=1
    fi
  done < <(source_files '*.h' '*.cc' '*.sh' lscp | xargs -0 -r wc -l)
  return "$failed"
}

check_main() {
  [[ ${1:-} != --fix ]] || { check_fix=yes && shift; }
  (($# == 0)) || die "usage: lscp check [--fix]"
  install_packages build test k8s
  run_check "Scripts (shellcheck)" check_shell
  run_check "Contract (buf)" check_protos
  run_check "Policies and settings (protoc)" check_text_protos
  run_check "Formatting (clang-format)" check_format
  run_check "Layers" check_layers
  run_check "Sizes" check_sizes
  run_check "Manifests (kustomize)" k8s_check
  run_check "Naming and mistakes (clang-tidy)" check_tidy
  if ((${#check_failures[@]} > 0)); then
    printf -v failed '%s; ' "${check_failures[@]}"
    die "failed: ${failed%; }. './lscp check --fix' repairs what can be repaired."
  fi
  say "All checks passed."
}
