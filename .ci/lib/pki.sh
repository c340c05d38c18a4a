# shellcheck shell=bash
# A certificate authority for development, in .lscp/pki. Identities are SPIFFE URIs:
# spiffe://lscp/agency/ID, spiffe://lscp/service/NAME, spiffe://lscp/gateway/NAME.

pki="$LSCP_STATE/pki"
agencies=(
  barnet-council barking-and-dagenham-council example-primary-school example-hospital-trust
  example-police example-ambulance-service
)

new_key() { (umask 077 && openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null); }

make_authority() {
  [[ ! -s $pki/ca.crt ]] || return 0
  new_key "$pki/ca.key"
  openssl req -x509 -new -key "$pki/ca.key" -sha256 -days 3650 -out "$pki/ca.crt" \
    -subj '/CN=LSCP development authority' \
    -addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign'
}

# Valid for another 30 days at least.
certificate_is_good() {
  [[ -s $1 ]] && openssl x509 -in "$1" -noout -checkend $((30 * 86400)) >/dev/null 2>&1
}

# make_certificate NAME SPIFFE-PATH [DNS-NAME]: NAME.key and NAME.crt, for both ends of a connection.
make_certificate() {
  local name=$1 path=$2 dns=${3:-} names usage=clientAuth
  ! certificate_is_good "$pki/$name.crt" || return 0
  names="URI:spiffe://lscp/$path"
  if [[ -n $dns ]]; then
    names+=",DNS:localhost,DNS:$dns,IP:127.0.0.1"
    usage=serverAuth,clientAuth
  fi
  new_key "$pki/$name.key"
  openssl req -new -key "$pki/$name.key" -subj "/CN=$name" |
    openssl x509 -req -sha256 -days 397 -CA "$pki/ca.crt" -CAkey "$pki/ca.key" \
      -set_serial "0x$(openssl rand -hex 16)" -out "$pki/$name.crt" 2>/dev/null -extfile <(
      printf '%s\n' 'basicConstraints=critical,CA:FALSE' 'keyUsage=critical,digitalSignature' \
        "extendedKeyUsage=$usage" "subjectAltName=critical,$names"
    )
}

base64url() { base64 -w 0 | tr '+/' '-_' | tr -d '='; }

# jwks_of KEY-FILE NAME: the public half of a P-256 key as a JSON Web Key Set.
jwks_of() {
  local point
  point=$(mktemp)
  # The last 64 bytes of a P-256 public key in DER are the point's x and y.
  openssl pkey -in "$1" -pubout -outform DER | tail -c 64 >"$point"
  printf '{"keys":[{"kty":"EC","crv":"P-256","alg":"ES256","use":"sig","kid":"%s","x":"%s","y":"%s"}]}\n' \
    "$2" "$(head -c 32 "$point" | base64url)" "$(tail -c 32 "$point" | base64url)"
  rm -f "$point"
}

# The key that signs people's tokens in development, and its public half.
make_token_issuer() {
  [[ ! -s $pki/jwks.json ]] || return 0
  new_key "$pki/issuer.key"
  jwks_of "$pki/issuer.key" development | write_file "$pki/jwks.json"
}

# Everything that is missing or runs out within 30 days.
make_pki() {
  local agency service
  mkdir -p "$pki"
  chmod 700 "$pki"
  make_authority
  for agency in "${agencies[@]}"; do make_certificate "agency-$agency" "agency/$agency"; done
  for service in "${services[@]}"; do make_certificate "service-$service" "service/$service" "$service"; done
  make_certificate gateway gateway/development gateway
  make_token_issuer
}
