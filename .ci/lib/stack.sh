# shellcheck shell=bash
# ./lscp up, down, status, logs: the development stack, in .lscp and nowhere else.

# LSCP_BUILD names a finished build to run, e.g. build/asan; else up builds the release and runs that.
build_dir=$(callers_path "${LSCP_BUILD:-$LSCP_ROOT/build/release}")
bin_dir="$build_dir/bin"

# One launcher at a time; the processes it starts must not inherit the lock (start_process).
lock_state() {
  if [[ -d $LSCP_STATE && ! -e $LSCP_STATE/lock && -n $(ls -A "$LSCP_STATE") ]]; then
    die "$LSCP_STATE holds other things; LSCP_STATE must name a new folder, or one of a stack"
  fi
  mkdir -p "$LSCP_STATE"
  chmod 700 "$LSCP_STATE"
  exec 9>"$LSCP_STATE/lock"
  flock --nonblock 9 || {
    say "Another ./lscp is at work; waiting for it."
    flock 9
  }
}

process_names() {
  printf 'mariadb\n'
  instances | tr ' ' '-'
  printf 'gateway\n'
}

is_ready() {
  local status
  if [[ $1 == mariadb ]]; then
    db_answers
  else
    status=$(http_status "$(cat "$run_dir/$1.admin-port" 2>/dev/null)" /readyz) && [[ $status == 200 ]]
  fi
}

has_ports_or_ended() { has_ended "$1" || [[ -s $run_dir/$1.port && -s $run_dir/$1.admin-port ]]; }

is_ready_or_ended() { has_ended "$1" || is_ready "$1"; }

explain_end() {
  tail -n 5 "$log_dir/$1.log" | sed 's/^/    /' >&2
  die "$1 ended; the lines above are the last of ./lscp logs $1"
}

# run_server NAME BINARY FILE...: has it running with its configuration as it is now. FILEs besides
# the configuration are those that a change of needs a restart.
run_server() {
  local name=$1 binary=$2 print
  shift 2
  print=$(fingerprint "$binary" "$config_dir/$name.textproto" "$@")
  if is_running "$name"; then
    fingerprint_of "$name"
    [[ $REPLY != "$print" ]] || return 0
    stop_process "$name"
  fi
  rm -f "$run_dir/$name.port" "$run_dir/$name.admin-port"
  start_process "$name" "$print" "$binary" --config "$config_dir/$name.textproto"
  say "    starting $name ($(pid_of "$name" || true))"
  wait_until 30 has_ports_or_ended "$name" || die "$name opened no port within 30 s"
  is_running "$name" || explain_end "$name"
}

# address_of NAME [PORT]: a process stays where it is or was, so that others find it after a restart;
# else it takes the wanted port, else any free one.
address_of() {
  local name=$1 port
  for port in "$(cat "$run_dir/$name.port" 2>/dev/null || true)" ${2:+"$2"}; do
    [[ -n $port ]] || continue
    if is_running "$name" || port_is_free "$port"; then
      printf '127.0.0.1:%s\n' "$port"
      return 0
    fi
  done
  printf '127.0.0.1:0\n'
}

prepare_service() {
  local service=$1 borough=$2 name="$1-$2" schema
  schema=$(schema_of "$service" "$borough")
  make_schema "$schema"
  service_config "$service" "$borough" "$(address_of "$name")" |
    write_file "$config_dir/$name.textproto"
  "$bin_dir/lscp-$service" --config "$config_dir/$name.textproto" --migrate \
    >>"$log_dir/$name.log" 2>&1 || explain_end "$name"
}

start_services() {
  local service borough policy="$LSCP_ROOT/gateway/policy/development.textproto"
  mkdir -p "$config_dir"
  while read -r service borough; do
    prepare_service "$service" "$borough"
    run_server "$service-$borough" "$bin_dir/lscp-$service" "$policy" \
      "$LSCP_ROOT/services/$(folder_of "$service")/settings/$borough.textproto"
  done < <(instances)
}

start_gateway() {
  gateway_config "$(address_of gateway "${LSCP_PORT:-8443}")" | write_file "$config_dir/gateway.textproto"
  run_server gateway "$bin_dir/lscp-gateway" "$LSCP_ROOT/gateway/policy/development.textproto" \
    "$build_dir/suite.binpb"
}

wait_for_readiness() {
  local name
  for name in $(process_names); do
    wait_until 60 is_ready_or_ended "$name" || die "$name is not ready after 60 s; see ./lscp logs $name"
    is_running "$name" || explain_end "$name"
  done
}

up_main() {
  (($# == 0)) || misuse up
  lock_state
  if [[ -n ${LSCP_BUILD:-} ]]; then
    install_packages run
  else
    install_packages build run
    build_preset release lscp-gateway lscp-client lscp-token "${services[@]/#/lscp-}" \
      lscp_descriptor_set || die "the build failed; see above"
  fi
  make_pki
  step "Starting"
  start_database
  start_services
  start_gateway
  start_services # again: those that call the gateway know now where it is
  wait_for_readiness
  load_sample
  print_endpoints
}

# Invented contacts, sent through the gateway as any agency would; a file's name says to which borough
# and by whom. Their request_ids are fixed, so the second time changes nothing; the marker saves time.
load_sample() {
  local marker="$LSCP_STATE/sample-loaded" file borough agency _
  [[ ! -e $marker ]] || return 0
  step "Loading the invented sample"
  for file in services/*/sample/*.json; do
    IFS=. read -r borough agency _ <<<"$(basename "$file")"
    env -u LSCP_ENDPOINT -u LSCP_CERT -u LSCP_KEY -u LSCP_CA -u LSCP_TOKEN \
      LSCP_BOROUGH="$borough" LSCP_AGENCY="$agency" ./lscp referral submit "$file" >/dev/null ||
      die "$file was refused; see above"
  done
  touch "$marker"
}

print_endpoints() {
  local name command="$LSCP_ROOT/lscp"
  [[ $callers_dir != "$LSCP_ROOT" ]] || command=./lscp
  printf 'Gateway   127.0.0.1:%s (gRPC, mTLS)\n' "$(<"$run_dir/gateway.port")"
  for name in $(process_names); do
    [[ $name != mariadb ]] || continue
    printf 'Metrics   http://127.0.0.1:%s/metrics (%s)\n' "$(<"$run_dir/$name.admin-port")" "$name"
  done
  printf 'Try       %q referral list\n' "$command"
}

down_main() {
  local wipe=no name names
  case "$*" in
    '') ;;
    --wipe) wipe=yes ;;
    *) misuse "down [--wipe]" ;;
  esac
  [[ -d $LSCP_STATE ]] || return 0
  lock_state
  step "Stopping"
  mapfile -t names < <(process_names | tac)
  for name in "${names[@]}"; do stop_process "$name"; done
  unlink_db_path
  if [[ $wipe == yes ]]; then
    step "Removing ${LSCP_STATE#"$LSCP_ROOT"/}"
    rm -rf -- "$LSCP_STATE"
  fi
}

status_main() {
  local name pid state ready port admin all_ready=0
  printf '%-30s %-8s %-8s %-6s %-6s %s\n' PROCESS PID STATE PORT ADMIN READY
  for name in $(process_names); do
    pid=- state=stopped ready=no port=- admin=-
    if pid=$(pid_of "$name"); then
      state=running
      port=$(cat "$run_dir/$name.port" 2>/dev/null || echo -)
      admin=$(cat "$run_dir/$name.admin-port" 2>/dev/null || echo -)
      ! is_ready "$name" || ready=yes
    elif [[ -e $run_dir/$name.process ]]; then
      state=died
    fi
    [[ $ready == yes ]] || all_ready=1
    printf '%-30s %-8s %-8s %-6s %-6s %s\n' "$name" "${pid:--}" "$state" "$port" "$admin" "$ready"
  done
  return "$all_ready"
}

logs_main() {
  local name=${1:-} follow=()
  [[ ${2:-} != -f ]] || follow=(--follow=name)
  if [[ -z $name || ! -f $log_dir/$name.log ]]; then
    misuse "logs PROCESS [-f], with PROCESS one of: $(process_names | paste -sd ' ')"
  fi
  tail -n 200 "${follow[@]}" "$log_dir/$name.log"
}
