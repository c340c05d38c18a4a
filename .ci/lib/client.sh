# shellcheck shell=bash
# Calls through the C++ client, with the development stack as the default of everything.

# What the gateway's configuration says of development tokens (config.sh).
token_issuer=https://issuer.example/development
token_audience=lscp

built_binary() {
  local folder
  for folder in "$build_dir" "$LSCP_ROOT/build/dev"; do
    if [[ -x $folder/bin/$1 ]]; then
      printf '%s\n' "$folder/bin/$1"
      return 0
    fi
  done
  die "$1 is not built: run ./lscp up, or ./lscp build"
}

export_client_defaults() {
  export LSCP_AGENCY="${LSCP_AGENCY:-example-primary-school}"
  if [[ -z ${LSCP_CERT:-} && ! -s $pki/agency-$LSCP_AGENCY.crt ]]; then
    [[ -s $pki/ca.crt ]] || die "there is no stack here yet: run ./lscp up, or set LSCP_ENDPOINT, LSCP_CERT, LSCP_KEY and LSCP_CA"
    die "there is no agency $LSCP_AGENCY; LSCP_AGENCY is one of: ${agencies[*]}"
  fi
  export LSCP_ENDPOINT="${LSCP_ENDPOINT:-127.0.0.1:$(cat "$run_dir/gateway.port" 2>/dev/null || echo 8443)}"
  export LSCP_CERT="${LSCP_CERT:-$pki/agency-$LSCP_AGENCY.crt}"
  export LSCP_KEY="${LSCP_KEY:-$pki/agency-$LSCP_AGENCY.key}"
  export LSCP_CA="${LSCP_CA:-$pki/ca.crt}"
  export LSCP_BOROUGH="${LSCP_BOROUGH:-barnet}"
  export LSCP_PURPOSE="${LSCP_PURPOSE:-safeguarding}"
}

# env_main [COMMAND ARGUMENT...]: becomes the command, told by its environment whom to call and as
# whom; without one, prints that.
env_main() {
  local name
  export_client_defaults
  (($# == 0)) || exec "$@"
  for name in ENDPOINT CERT KEY CA BOROUGH PURPOSE AGENCY; do
    name=LSCP_$name
    printf 'export %s=%q\n' "$name" "${!name}"
  done
}

# client_main COMMAND ARGUMENT...: becomes the client.
client_main() {
  local binary
  binary=$(built_binary lscp-client)
  export_client_defaults
  exec "$binary" "$@"
}

# token_main PERSON [ROLE...] [--team TEAM]: all roles of the person's agency when none is named.
token_main() {
  local binary words=() roles=() role
  (($# > 0)) || misuse "token PERSON [ROLE...] [--team TEAM]"
  binary=$(built_binary lscp-token)
  export_client_defaults
  words=(--person "$1")
  shift
  while (($# > 0)); do
    if [[ $1 == --team ]]; then
      words+=(--team "${2:?--team needs the id of a team}")
      shift 2
    else
      roles+=("$1")
      shift
    fi
  done
  if ((${#roles[@]} == 0)); then
    mapfile -t roles < <(sed -n '/^roles {/,/^}/s/^  name: "\(.*\)"$/\1/p' \
      gateway/policy/development.textproto)
  fi
  for role in "${roles[@]}"; do words+=(--role "$role"); done
  exec "$binary" --key "$pki/issuer.key" --kid development --issuer "$token_issuer" \
    --audience "$token_audience" --agency "$LSCP_AGENCY" "${words[@]}"
}
