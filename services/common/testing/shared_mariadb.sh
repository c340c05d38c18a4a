#!/bin/bash
# shared_mariadb.sh start|stop DIRECTORY: the MariaDB that all tests of one ctest run share (the
# fixture in CMakeLists.txt). Its socket is DIRECTORY/s.sock. It ends with `stop`, or when the ctest
# that started it is gone.
set -eu
directory=$2
ctest=$PPID

# Ends the server of a DIRECTORY, if the process of its pid file is (still) that server.
end_server() {
  local pid
  pid=$(cat "$directory/server.pid" 2>/dev/null) || return 0
  while tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "--socket=$directory/s.sock"; do
    kill -KILL "$pid" 2>/dev/null || true
    sleep 0.02
  done
}

remove_all() {
  end_server
  rm -rf "$directory"
}

start() {
  remove_all
  mkdir -p "$directory/tmp"
  chmod 700 "$directory" "$directory/tmp"
  local as_root=()
  [ "$(id -u)" != 0 ] || as_root=(--user=root)
  mariadb-install-db --no-defaults --datadir="$directory/data" --tmpdir="$directory/tmp" \
    --auth-root-authentication-method=normal --skip-test-db --skip-name-resolve \
    "${as_root[@]}" >"$directory/install.log" 2>&1 || { cat "$directory/install.log"; exit 1; }
  setsid mariadbd --no-defaults --datadir="$directory/data" --tmpdir="$directory/tmp" \
    --socket="$directory/s.sock" --pid-file="$directory/pid" --skip-networking \
    --skip-name-resolve --character-set-server=utf8mb4 --collation-server=utf8mb4_bin \
    --innodb-log-file-size=16M --innodb-buffer-pool-size=128M --max-connections=500 \
    "${as_root[@]}" >"$directory/server.log" 2>&1 </dev/null &
  local pid=$!
  echo "$pid" >"$directory/server.pid"
  until mariadb --no-defaults --socket="$directory/s.sock" --user=root -e 'DO 1'; do
    kill -0 "$pid" || { cat "$directory/server.log"; exit 1; }
    sleep 0.02
  done >/dev/null 2>&1
  setsid "$0" guard "$directory" "$ctest" "$pid" >/dev/null 2>&1 </dev/null &
}

# Outlives `start`: a ctest that is killed runs no `stop`.
guard() {
  while kill -0 "$1" && kill -0 "$2"; do sleep 1; done 2>/dev/null
  # Another ctest may have taken the directory over meanwhile.
  [ "$(cat "$directory/server.pid" 2>/dev/null)" != "$2" ] || remove_all
}

case $1 in
  start) start ;;
  stop) remove_all ;;
  guard) guard "$3" "$4" ;;
esac
