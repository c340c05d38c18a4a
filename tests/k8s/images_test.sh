#!/bin/bash
# The images, built from the binaries in $1 and run as the manifests of ./lscp k8s development say: with
# their mounts, limits and restrictions. Ends with 77, which is "skipped", where no containers can be run.
set -euo pipefail

cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
build=$1
skip() {
  printf 'SKIPPED: %s\n' "$*"
  exit 77
}
fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}
((EUID == 0)) || skip "containers are run as root here"
for program in podman buildah runc iptables debootstrap dpkg-shlibdeps curl; do
  type -P "$program" >/dev/null || skip "$program is not installed"
done

scratch=$(mktemp -d /tmp/lscp-images-XXXXXX)
network=lscp-${scratch##*-}
finish() {
  local status=$?
  for name in "${started[@]}"; do
    ((status == 0)) || { echo "== $name" && run logs "$name" 2>&1 | tail -n 20; } >&2 || true
    run rm -f -t 0 "$name" >/dev/null 2>&1 || true
  done
  run network rm -f "$network" >/dev/null 2>&1 || true
  rm -rf -- "$scratch"
  exit "$status"
}
started=()
trap finish EXIT

# Containers of our own, beside any others of the machine; what its kernel cannot do is left out.
cat >"$scratch/containers.conf" <<'CONF'
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
cgroup_manager = "cgroupfs"
runtime = "runc"
events_logger = "file"
[network]
network_backend = "netavark"
CONF
cat >"$scratch/storage.conf" <<CONF
[storage]
driver = "overlay"
graphroot = "$scratch/store"
runroot = "$scratch/run"
CONF
export CONTAINERS_CONF=$scratch/containers.conf CONTAINERS_STORAGE_CONF=$scratch/storage.conf
export BUILDAH_ISOLATION=chroot
run() { podman --network-config-dir "$scratch/networks" "$@"; }

# The base image, from Debian's packages: there may be no registry.
debootstrap --variant=minbase bookworm "$scratch/rootfs" >"$scratch/debootstrap.log" 2>&1 ||
  skip "debootstrap makes no base image: $(tail -n 1 "$scratch/debootstrap.log")"
base=$(buildah from scratch 2>"$scratch/buildah.log") || skip "buildah: $(tail -n 1 "$scratch/buildah.log")"
buildah add -q "$base" "$scratch/rootfs" /
buildah config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$base"
buildah commit -q --rm "$base" docker.io/library/debian:bookworm-slim
rm -rf -- "$scratch/rootfs"

tar -c --exclude=node_modules --exclude=k8s/development lscp CMakeLists.txt .dockerignore .ci k8s protos \
  gateway/policy services/*/{main.cc,settings} | tar -x -C "$scratch" --one-top-level=tree
ln -s "$PWD/.ci/tools/node_modules" "$scratch/tree/.ci/tools/node_modules"
lscp=$scratch/tree/lscp
"$lscp" k8s development
"$lscp" k8s images --build "$build"
"$lscp" k8s render k8s/development | tests/k8s/volumes.py "$scratch/volumes"
chmod -R a+rX "$scratch/volumes"
chmod a+x "$scratch"

run network create "$network" >/dev/null || skip "podman makes no network"
# start NAME [OPTION…]: in the background, under the name that the others call.
start() {
  local name=$1 args
  shift
  mapfile -t args <"$scratch/volumes/$name.args"
  started+=("$name")
  run run --detach --name "$name" --hostname "$name" --network "$network" "$@" "${args[@]}" >/dev/null
}
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.2
  done
}
address_of() { run inspect --format "{{(index .NetworkSettings.Networks \"$network\").IPAddress}}" "$1"; }
page() { curl -s -o "$scratch/page" -w '%{http_code}' "http://$(address_of "$1"):9090$2"; }
is_ready() { [[ $(page "$1" /readyz) == 200 ]]; }
is_alive_not_ready() { [[ $(page "$1" /livez) == 200 && $(page "$1" /readyz) == 503 ]]; }
database_answers() { run exec database mariadb --socket=/run/mysqld/server.sock --user=lscp -e 'SELECT 1' >/dev/null 2>&1; }

mapfile -t migrations < <(find "$scratch/volumes" -name "*-migrate-*.args" -printf "%f\n" | sed "s/\\.args$//")
services=("${migrations[@]%%-migrate-*}")
((${#services[@]} > 0)) || fail "the manifests have no migrations"
start gateway --publish 127.0.0.1::8443
for service in "${services[@]}"; do start "$service"; done
for service in "${services[@]}"; do
  wait_until 30 is_alive_not_ready "$service" || fail "$service is not alive without its database"
done
start database
wait_until 60 database_answers || fail "the database does not answer"
for migration in "${migrations[@]}"; do
  start "$migration"
  [[ $(run wait "$migration") == 0 ]] || fail "$migration did not end well"
done
for name in "${services[@]}" gateway; do
  wait_until 60 is_ready "$name" || fail "$name is not ready: $(cat "$scratch/page")"
done

pki=$scratch/tree/k8s/development/pki
endpoint=$(run port gateway 8443/tcp)
reply=$(env LSCP_ENDPOINT="localhost:${endpoint##*:}" LSCP_CA="$pki/ca.crt" LSCP_BOROUGH=barnet \
  LSCP_CERT="$pki/agency-example-primary-school.crt" LSCP_KEY="$pki/agency-example-primary-school.key" \
  "$build/bin/lscp-client" referral submit services/referrals/sample/barnet.example-primary-school.1.json)
printf '%s\n' "$reply"

for service in "${services[@]}"; do
  start "$service-backup"
  [[ $(run wait "$service-backup") == 0 ]] || fail "the backup of $service did not end well"
  tables=$(gzip -dc "$scratch/volumes/$service-backup"/var/backups/lscp/*.sql.gz | grep -c '^CREATE TABLE')
  ((tables > 10)) || fail "the backup of $service has $tables tables"
done

for name in "${services[@]}" gateway; do run kill --signal TERM "$name" >/dev/null; done
for name in "${services[@]}" gateway; do
  code=$(timeout 60 podman --network-config-dir "$scratch/networks" wait "$name") || fail "$name does not drain within 60 s"
  [[ $code == 0 ]] || fail "$name ended with $code"
done
