#!/bin/bash
# The launcher, from nothing to nothing: up, calls, a killed process, down. It runs the finished build
# in $1 (nothing is built) with a state folder of its own, so it can run beside any other stack.
set -euo pipefail

cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
scratch=$(mktemp -d /tmp/lscp-launcher-XXXXXX)
export LSCP_BUILD=$1 LSCP_STATE="$scratch/a stack" LSCP_PORT=0
unset LSCP_AGENCY LSCP_BOROUGH LSCP_TOKEN LSCP_PURPOSE LSCP_ENDPOINT LSCP_CERT LSCP_KEY LSCP_CA

finish() {
  local status=$?
  ((status == 0)) || tail -n 20 "$LSCP_STATE"/log/*.log >&2 || true
  ./lscp down --wipe >&2 || true
  rm -rf -- "$scratch"
  exit "$status"
}
trap finish EXIT

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}

# expect STATUS TEXT COMMAND...: the command ends with the status and says the text.
expect() {
  local status=$1 text=$2 said got=0
  shift 2
  printf '== %s\n' "$*" >&2
  said=$("$@" 2>&1) || got=$?
  printf '%s\n' "$said" >&2
  ((got == status)) || fail "$* ended with $got, not $status"
  [[ $said == *"$text"* ]] || fail "$* does not say: $text"
}

pid_of() { cut -d ' ' -f 1 "$LSCP_STATE/run/$1.process"; }

expect 1 'stopped' ./lscp status
expect 0 'Try       ./lscp referral list' ./lscp up
expect 0 'gateway' ./lscp status
[[ -z $(find "$LSCP_STATE/secrets" "$LSCP_STATE/pki" -name '*.password' -perm /077 -o -name '*.key' -perm /077) ]] ||
  fail "others can read secrets"

# The sample is there, the calls of the help work, as tables and for machines.
expect 0 'EPS-2' ./lscp referral list
for borough in barnet barking-and-dagenham; do
  for agency in example-police example-hospital-trust; do
    expect 0 '"state": "STATE_RECEIVED"' \
      env LSCP_BOROUGH="$borough" LSCP_AGENCY="$agency" ./lscp referral list --json
  done
done
./lscp referral watch 2>"$scratch/watching" &
watcher=$!
for ((i = 0; i < 300; ++i)); do
  ! grep -q 'watching what becomes of referrals to barnet' "$scratch/watching" || break
  sleep 0.1
done
kill "$watcher" || fail "lscp referral watch has ended: $(cat "$scratch/watching")"
wait "$watcher" || true
((i < 300)) || fail "lscp referral watch does not say that it watches"
expect 0 'contact_decision' env LSCP_AGENCY=barnet-council ./lscp timescales
expect 0 'contacts_received' env LSCP_AGENCY=barnet-council ./lscp indicators
expect 0 'disclosures' env LSCP_AGENCY=barnet-council ./lscp audit verify
token=$(LSCP_AGENCY=barnet-council ./lscp token lead.example auditor)
record=$(./lscp referral list --json | grep -m 1 -o 'boroughs/barnet/contacts/[^"]*')
expect 0 'ContactsService/SubmitContact' \
  env LSCP_AGENCY=barnet-council LSCP_TOKEN="$token" ./lscp audit list "$record"
expect 0 '"referrals"' ./lscp call ContactsService.ListMyReferrals '{"parent": "boroughs/barnet"}'
expect 0 "$scratch" ./lscp env printenv LSCP_CERT

# What is wrong is said, all of it, and the status tells what kind of wrong it was.
echo '{"contact": {"children": [{"nhsNumber": "123"}]}}' >"$scratch/bad contact.json"
expect 3 'contact.consent: is required' ./lscp referral submit "$scratch/bad contact.json"
expect 3 'contact.children[0].nhs_number' ./lscp referral submit "$scratch/bad contact.json"
expect 4 'PERMISSION_DENIED' ./lscp audit verify
expect 2 "there is no command 'refer'" ./lscp refer
expect 1 'LSCP_AGENCY is one of' env LSCP_AGENCY=nobody ./lscp referral list

# Up again touches nothing that runs, and brings back what was killed, where it was.
gateway=$(pid_of gateway)
port=$(<"$LSCP_STATE/run/referrals-barnet.port")
kill -KILL "$(pid_of referrals-barnet)"
expect 1 'died' ./lscp status
expect 0 'starting referrals-barnet' ./lscp up
[[ $(pid_of gateway) == "$gateway" ]] || fail "the gateway was restarted"
[[ $(<"$LSCP_STATE/run/referrals-barnet.port") == "$port" ]] || fail "the service moved"
# The gateway finds it again within its reconnect delay; until then callers are told to ask again.
for ((tries = 0, found = 0; tries < 200 && found < 3; tries++)); do
  if ./lscp referral list >/dev/null 2>&1; then found=$((found + 1)); else found=0 && sleep 0.1; fi
done
expect 0 'EPS-2' ./lscp referral list

# The first page's commands, as a newcomer types them.
LSCP_README_ENV=stack tests/contract/readme_test.sh README.md

expect 0 'stopping gateway' ./lscp down
expect 1 'stopped' ./lscp status
expect 6 'UNAVAILABLE' ./lscp referral list
expect 0 'Removing' ./lscp down --wipe
[[ ! -e $LSCP_STATE ]] || fail "down --wipe left $LSCP_STATE"
