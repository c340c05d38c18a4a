# shellcheck shell=bash
# A private MariaDB in .lscp/mariadb: reached by its unix socket only, and its administrator is
# whoever runs the launcher, told by the kernel, so there is no password to lose.

db="$LSCP_STATE/mariadb"
secrets="$LSCP_STATE/secrets"

# The folder by a path that is short (the kernel takes 107 bytes for a socket's) and plain
# (mariadb-install-db cannot take spaces): itself, or else a link to it.
db_path() {
  if ((${#db} < 90)) && [[ $db =~ ^[A-Za-z0-9_./-]+$ ]]; then
    printf '%s\n' "$db"
  else
    printf '/tmp/lscp-%s-%s\n' "$UID" "$(cksum <<<"$db" | cut -d ' ' -f 1)"
  fi
}

link_db_path() {
  local path
  path=$(db_path)
  [[ $path == "$db" ]] || ln -sfn -- "$db" "$path"
}

unlink_db_path() {
  local path
  path=$(db_path)
  [[ $path == "$db" ]] || rm -f -- "$path"
}

db_socket() { printf '%s/server.sock\n' "$(db_path)"; }

db_client() {
  mariadb --no-defaults --socket="$(db_socket)" --user="$(id -un)" --batch --skip-column-names "$@"
}

db_answers() { db_client -e 'SELECT 1' >/dev/null 2>&1; }

server_program() { type -P "$1" || printf '/usr/sbin/%s\n' "$1"; }

create_database_files() {
  [[ ! -f $db/complete ]] || return 0
  step "Creating the private database in ${db#"$LSCP_ROOT"/}"
  rm -rf -- "$db"
  mkdir -p "$db/tmp" "$log_dir"
  chmod 700 "$db"
  link_db_path
  mariadb-install-db --no-defaults --user="$(id -un)" \
    --datadir="$(db_path)/data" --tmpdir="$(db_path)/tmp" \
    --auth-root-authentication-method=socket --auth-root-socket-user="$(id -un)" \
    --skip-test-db --skip-name-resolve >"$log_dir/mariadb-install.log" 2>&1 ||
    die "mariadb-install-db failed; see $log_dir/mariadb-install.log"
  touch "$db/complete"
}

start_database() {
  local server path
  create_database_files
  link_db_path
  if ! is_running mariadb; then
    server=$(server_program mariadbd)
    path=$(db_path)
    start_process mariadb - "$server" --no-defaults --user="$(id -un)" --datadir="$path/data" \
      --tmpdir="$path/tmp" --socket="$(db_socket)" --pid-file="$path/pid" --skip-networking \
      --skip-name-resolve --character-set-server=utf8mb4 --innodb-log-file-size=16M \
      --collation-server=utf8mb4_bin
    say "    starting mariadb ($(pid_of mariadb || true))"
  fi
  wait_until 60 database_is_up_or_dead
  is_running mariadb || die "the database ended: $(tail -n 3 "$log_dir/mariadb.log")"
}

database_is_up_or_dead() { has_ended mariadb || db_answers; }

# The password of an account, made on first use.
password_file_of() { printf '%s/%s.password\n' "$secrets" "$1"; }

make_password() {
  local file
  file=$(password_file_of "$1")
  mkdir -p "$secrets" && chmod 700 "$secrets"
  [[ -s $file ]] || openssl rand -hex 24 | write_file "$file" 600
}

# make_schema SCHEMA: the schema with its owner, who changes tables and grants the server's account
# what it needs of them (services/common/db/README.md, Accounts).
make_schema() {
  local schema=$1 account
  for account in "${schema}_owner" "${schema}_server"; do make_password "$account"; done
  db_client <<SQL
CREATE DATABASE IF NOT EXISTS \`$schema\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE OR REPLACE USER '${schema}_owner'@'localhost'
  IDENTIFIED BY '$(<"$(password_file_of "${schema}_owner")")';
CREATE USER IF NOT EXISTS '${schema}_server'@'localhost';
ALTER USER '${schema}_server'@'localhost'
  IDENTIFIED BY '$(<"$(password_file_of "${schema}_server")")';
GRANT ALL ON \`${schema//_/\\_}\`.* TO '${schema}_owner'@'localhost' WITH GRANT OPTION;
SQL
}
