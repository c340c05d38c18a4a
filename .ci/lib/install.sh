# shellcheck shell=bash
# Installs what is missing from Debian's packages. Asks for root only when something is missing.

# Lines of .ci/packages on the given lists: package, command, reason.
packages_of() {
  local wanted=" $* " list package command reason
  while read -r list package command reason; do
    [[ $wanted == *" $list "* ]] && printf '%s\t%s\t%s\n' "$package" "$command" "$reason"
  done < <(grep -Ev '^(#|$)' "$LSCP_ROOT/.ci/packages")
  return 0
}

is_installed() {
  local package=$1 command=$2 state
  if [[ $command != - ]] && type -P "$command" >/dev/null; then return 0; fi
  # mariadbd and its like live in /usr/sbin, which is not on everybody's PATH.
  if [[ $command != - && -x /usr/sbin/$command ]]; then return 0; fi
  state=$(dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null) || return 1
  [[ $state == ii* ]]
}

# Lines of packages_of that are not there.
missing_packages() {
  local package command reason
  while IFS=$'\t' read -r package command reason; do
    is_installed "$package" "$command" || printf '%s\t%s\n' "$package" "$reason"
  done < <(packages_of "$@")
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif [[ -t 0 ]]; then
    sudo -- "$@"
  else
    sudo -n -- "$@"
  fi
}

can_be_root() {
  ((EUID == 0)) || { type -P sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; }
}

# Packages bring units that start at installation; a policy of "no" (invoke-rc.d's own mechanism)
# holds them back, for none is wanted here.
apt_install() {
  local policy=/usr/sbin/policy-rc.d status=0 held=no
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' | as_root install -m 755 /dev/stdin "$policy"
    held=yes
  fi
  as_root apt-get -q update >&2 &&
    as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get -q install -y --no-install-recommends "$@" >&2 || status=$?
  [[ $held == no ]] || as_root rm -f "$policy"
  return "$status"
}

# install_packages LIST...: nothing happens when everything is there.
install_packages() {
  local missing names
  missing=$(missing_packages "$@")
  [[ -n $missing ]] || return 0
  mapfile -t names < <(cut -f1 <<<"$missing")
  step "Missing Debian packages:"
  awk -F '\t' '{ printf "    %-34s %s\n", $1, $2 }' <<<"$missing" >&2
  type -P apt-get >/dev/null || die "this is not Debian; install the packages above by other means"
  if ! can_be_root; then
    die "root is needed to install them. Run as root:
  apt-get update && apt-get install -y --no-install-recommends ${names[*]}"
  fi
  apt_install "${names[@]}" || die "apt-get failed; see above"
}

# install_tools FILE: npm's packages of .ci/tools as locked, unless FILE of them is there from this lock.
install_tools() {
  local tools="$LSCP_ROOT/.ci/tools"
  (
    flock 9 # tests that need them run side by side
    [[ ! -e $1 || $tools/package-lock.json -nt $tools/node_modules/.package-lock.json ]] || exit 0
    step "Packages of .ci/tools (npm)"
    npm ci --prefix "$tools" --ignore-scripts --no-audit --no-fund --loglevel=error >&2
  ) 9<"$tools/package-lock.json"
}
