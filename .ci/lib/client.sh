# shellcheck shell=bash
# Hands a command to the C++ client, with the development stack as the default of everything.

client_binary() {
  local preset
  for preset in release dev; do
    if [[ -x $LSCP_ROOT/build/$preset/bin/lscp-client ]]; then
      printf '%s\n' "$LSCP_ROOT/build/$preset/bin/lscp-client"
      return 0
    fi
  done
  die "the client is not built: run ./lscp up, or ./lscp build"
}

# client_main COMMAND ARGUMENT...: does not return.
client_main() {
  local binary agency=${LSCP_AGENCY:-example-primary-school}
  binary=$(client_binary)
  export LSCP_ENDPOINT="${LSCP_ENDPOINT:-127.0.0.1:$(cat "$run_dir/gateway.port" 2>/dev/null || echo 8443)}"
  export LSCP_CERT="${LSCP_CERT:-$pki/agency-$agency.crt}"
  export LSCP_KEY="${LSCP_KEY:-$pki/agency-$agency.key}"
  export LSCP_CA="${LSCP_CA:-$pki/ca.crt}"
  export LSCP_BOROUGH="${LSCP_BOROUGH:-barnet}"
  export LSCP_ISSUER_KEY="${LSCP_ISSUER_KEY:-$pki/issuer.key}"
  exec "$binary" "$@"
}
