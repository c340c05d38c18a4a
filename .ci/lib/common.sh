# shellcheck shell=bash
# Where things are, and how the scripts speak. Sourced by ./lscp and .ci/run, which set LSCP_ROOT.

: "${LSCP_ROOT:?}"

# A folder named by the caller, who may stand elsewhere than the launcher.
callers_path() { [[ $1 == /* ]] && printf '%s\n' "$1" || printf '%s/%s\n' "${callers_dir:-$PWD}" "$1"; }

LSCP_STATE=$(callers_path "${LSCP_STATE:-$LSCP_ROOT/.lscp}")
export LSCP_STATE

if [[ -t 2 ]]; then
  bold=$'\e[1m' red=$'\e[31m' plain=$'\e[0m'
else
  bold='' red='' plain=''
fi

# say TEXT...: progress, on stderr so that stdout stays the command's own.
say() { printf '%s\n' "$*" >&2; }

# step TEXT...: a longer piece of work begins.
step() { printf '%s==>%s %s\n' "$bold" "$plain" "$*" >&2; }

# die TEXT...: explains and ends with status 1.
die() {
  printf '%slscp: %s%s\n' "$red" "$*" "$plain" >&2
  exit 1
}

# misuse TEXT: explains how a command is used and ends with status 2.
misuse() {
  printf 'usage: lscp %s\n' "$*" >&2
  exit 2
}

# wait_until SECONDS COMMAND...: runs the command until it succeeds; fails when the time is up.
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.1
  done
}

# write_file FILE [MODE]: stdin becomes the file, whole or not at all.
write_file() {
  local file=$1 mode=${2:-644} part
  part=$(mktemp "$file.XXXXXX")
  cat >"$part"
  chmod "$mode" "$part"
  mv -f -- "$part" "$file"
}
