# shellcheck shell=bash
# Processes that outlive the launcher. .lscp/run/NAME.process remembers "pid start-time fingerprint":
# a pid alone could by now belong to somebody else's process.

run_dir="$LSCP_STATE/run"
log_dir="$LSCP_STATE/log"

# Start time in clock ticks since boot; the name in field 2 may hold spaces, so it is cut off first.
start_time_of() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  read -ra stat <<<"${stat##*) }"
  [[ ${stat[0]} != Z ]] && printf '%s\n' "${stat[19]}"
}

# The pid of a process that runs and is ours, on stdout.
pid_of() {
  local pid start
  read -r pid start _ 2>/dev/null <"$run_dir/$1.process" || return 1
  [[ $(start_time_of "$pid") == "$start" ]] && printf '%s\n' "$pid"
}

is_running() { pid_of "$1" >/dev/null; }

fingerprint_of() { read -r _ _ REPLY 2>/dev/null <"$run_dir/$1.process"; }

# fingerprint BINARY FILE...: of what a process is made of; when it changes, the process is renewed.
# Addresses do not count: a port is chosen at the first start and kept where possible.
fingerprint() {
  local binary=$1
  shift
  { stat -L -c '%i %s %Y' -- "$binary" && cat -- "$@" | sed '/^ *address: /d'; } |
    sha256sum | cut -c 1-16
}

# start_process NAME FINGERPRINT COMMAND...: in the background, out of the terminal's reach.
start_process() {
  local name=$1 print=$2 pid
  shift 2
  mkdir -p "$run_dir" "$log_dir"
  # The process outlives us, so it must keep no file of ours open: neither our lock nor the caller's.
  # shellcheck disable=SC2016 # the inner shell expands it, and becomes the process
  setsid --fork bash -c '
    for fd in /proc/self/fd/*; do
      fd=${fd##*/}
      ((fd < 3 || fd == 255)) || eval "exec $fd>&-"
    done
    echo $$ >"$0" && exec "$@"' "$run_dir/$name.pid" "$@" </dev/null >>"$log_dir/$name.log" 2>&1
  wait_until 5 test -s "$run_dir/$name.pid" || die "$name could not be started; see ./lscp logs $name"
  pid=$(<"$run_dir/$name.pid")
  rm -f "$run_dir/$name.pid"
  printf '%s %s %s\n' "$pid" "$(start_time_of "$pid")" "$print" | write_file "$run_dir/$name.process"
}

has_ended() { ! is_running "$1"; }

# stop_process NAME [SECONDS]: SIGTERM, and SIGKILL when it does not end in time.
stop_process() {
  local name=$1 pid
  if pid=$(pid_of "$name"); then
    say "    stopping $name ($pid)"
    kill -TERM "$pid" 2>/dev/null || true
    if ! wait_until "${2:-30}" has_ended "$name"; then
      say "    $name does not end; killing it"
      kill -KILL "$pid" 2>/dev/null || true
      wait_until 5 has_ended "$name" || die "$name cannot be killed"
    fi
  fi
  rm -f "$run_dir/$name.process"
}

# Nobody listens on it.
port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# http_status PORT PATH: the status of a GET, e.g. 200.
http_status() (
  exec 3<>"/dev/tcp/127.0.0.1/$1"
  printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$2" >&3
  read -t 2 -r version status _ <&3
  [[ $version == HTTP/* ]] && printf '%s\n' "$status"
) 2>/dev/null
