# shellcheck shell=bash
# Configuration of the development stack, in .lscp/config, in the text format of
# safeguarding.config.v1 (protos/safeguarding/config/v1/config.proto).

config_dir="$LSCP_STATE/config"
# In the order in which they start: who takes events before who sends them, as far as that goes.
services=(child-death-reviews child-protection children-in-care referrals)
boroughs=(barnet barking-and-dagenham)

# One process for each service and borough, e.g. referrals-barnet.
instances() {
  local service borough
  for service in "${services[@]}"; do
    for borough in "${boroughs[@]}"; do printf '%s %s\n' "$service" "$borough"; done
  done
}

# The folder, proto package and schema of a service are named with underscores.
folder_of() { printf '%s\n' "${1//-/_}"; }

schema_of() { printf '%s_%s\n' "$(folder_of "$1")" "${2//-/_}"; }

# A string in text format.
quoted() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

# tls_block FIELD CERTIFICATE-NAME
tls_block() {
  cat <<EOT
$1 {
  certificate_file: $(quoted "$pki/$2.crt")
  key_file: $(quoted "$pki/$2.key")
  ca_file: $(quoted "$pki/ca.crt")
}
EOT
}

# server_block NAME ADDRESS CERTIFICATE-NAME: the fields `server` and `admin` of a process.
server_block() {
  cat <<EOT
server {
  address: $(quoted "$2")
  port_file: $(quoted "$run_dir/$1.port")
  reflection: true
$(tls_block tls "$3" | sed 's/^/  /')
}
admin {
  address: "127.0.0.1:0"
  port_file: $(quoted "$run_dir/$1.admin-port")
}
policy_file: $(quoted "$LSCP_ROOT/gateway/policy/development.textproto")
EOT
}

# service_config SERVICE BOROUGH ADDRESS
service_config() {
  local service=$1 borough=$2 address=$3 schema
  schema=$(schema_of "$service" "$borough")
  server_block "$service-$borough" "$address" "service-$service"
  cat <<EOT
database {
  host: $(quoted "unix://$(db_socket)")
  schema: $(quoted "$schema")
  user: $(quoted "${schema}_server")
  password_file: $(quoted "$(password_file_of "${schema}_server")")
  migration_user: $(quoted "${schema}_owner")
  migration_password_file: $(quoted "$(password_file_of "${schema}_owner")")
}
boroughs: $(quoted "$borough")
settings_file: $(quoted "$LSCP_ROOT/services/$(folder_of "$service")/settings/$borough.textproto")
$(subscribers_of "$service" "$borough")
EOT
}

# subscriber_block NAME BOROUGH EVENT-TYPE...: a service of the borough that is told of these events;
# nothing while nobody knows where that is.
subscriber_block() {
  local name=$1 borough=$2
  shift 2
  [[ -s $run_dir/$name-$borough.port ]] || return 0
  cat <<EOT
subscribers {
  name: $(quoted "$name")
  target: $(quoted "ipv4:127.0.0.1:$(<"$run_dir/$name-$borough.port")")
  tls_server_name: $(quoted "$name")
$(printf '  event_types: "%s"\n' "$@")
}
EOT
}

# peer_block OTHER BOROUGH EVENT-TYPE...: the same service of the other borough, through the gateway;
# nothing while nobody knows where that is.
peer_block() {
  local other=$1 borough=$2
  shift 2
  [[ -s $run_dir/gateway.port ]] || return 0
  cat <<EOT
subscribers {
  name: $(quoted "peer-$other")
  target: $(quoted "ipv4:127.0.0.1:$(<"$run_dir/gateway.port")")
  tls_server_name: "gateway"
$(printf '  event_types: "%s"\n' "$@")
  boroughs: $(quoted "$other")
  peer {
    agency: $(quoted "$other-council")
$(tls_block tls "agency-$borough-council" | sed 's/^/    /')
  }
}
EOT
}

# subscribers_of SERVICE BOROUGH: who is told what of its events.
subscribers_of() {
  case $1 in
    referrals)
      subscriber_block child-protection "$2" referrals.child_changed referrals.children_merged \
        referrals.children_unmerged referrals.strategy_discussion_requested
      subscriber_block children-in-care "$2" referrals.child_changed referrals.children_merged \
        referrals.children_unmerged
      ;;
    children-in-care)
      subscriber_block child-protection "$2" 'children_in_care.care_*'
      ;;
    child-death-reviews)
      subscriber_block child-protection "$2" child_death_reviews.siblings_referred
      ;;
    child-protection)
      subscriber_block children-in-care "$2" 'child_protection.missing_*'
      subscriber_block child-death-reviews "$2" child_protection.sibling_referral_decided
      local other
      for other in "${boroughs[@]}"; do
        [[ $other == "$2" ]] || peer_block "$other" "$2" 'child_protection.case_transfer_*'
      done
      ;;
  esac
}

# Proto packages of a service: its own, and those that every service serves.
packages_served() {
  printf '  packages: "safeguarding.%s.v1"\n' "$(folder_of "$1")" timescales indicators audit
  [[ $1 != child-protection ]] || printf '  packages: "safeguarding.events.v1"\n'
}

# gateway_config ADDRESS: routes go to the ports that the services have bound.
gateway_config() {
  local service borough
  server_block gateway "$1" gateway
  printf 'descriptor_file: %s\n' "$(quoted "$build_dir/suite.binpb")"
  while read -r service borough; do
    cat <<EOT
routes {
  service: $(quoted "$service")
$(packages_served "$service")
  boroughs: $(quoted "$borough")
  target: $(quoted "ipv4:127.0.0.1:$(<"$run_dir/$service-$borough.port")")
  tls_server_name: $(quoted "$service")
}
EOT
  done < <(instances)
  cat <<EOT
token_issuers {
  issuer: $(quoted "$token_issuer")
  audience: $(quoted "$token_audience")
  jwks_file: $(quoted "$pki/jwks.json")
}
EOT
}
