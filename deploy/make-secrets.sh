#!/usr/bin/env bash
# Makes the secrets of deploy/compose.yaml in a folder, mode 0600; those that are there stay as they are. What others give is put there
# by hand: the payment provider (elqr_api_key, and of finik-v1 elqr_webhook_key.pem), and where there are any, the card provider
# (elcard_client_secret), the SMS operator (sms_password), the mail server (smtp_url: smtps://user:password@host:port) and the cash register
# (fiscal_api_key). Run as root, also after that, it gives each file to whoever reads it.
#   sudo deploy/make-secrets.sh [FOLDER]
# The few of a park's node, as deploy/park.env.example names them, for the account skypark:
#   sudo deploy/make-secrets.sh --park FOLDER
set -euo pipefail
kind=headquarters
if [[ ${1-} == --park ]]; then
  kind=park
  shift
  [[ -n ${1-} ]] || { echo 'Name the folder: deploy/make-secrets.sh --park /etc/skypark/keys' >&2; exit 2; }
fi
folder=${1:-$(dirname "${BASH_SOURCE[0]}")/secrets}
umask 077
mkdir -p "$folder"
cd "$folder"
chmod 0700 .

word() { openssl rand -hex 24; }
keep() { if [[ -s $1 ]]; then cat >/dev/null; else cat >"$1"; fi; }

openssl rand -base64 32 | keep master_key
for name in jwt_key admission_key; do openssl genpkey -algorithm ed25519 | keep "$name.pem"; done
node_key() { openssl genpkey -algorithm ed25519 | keep "$1"; }
if [[ $kind == park ]]; then
  node_key node_key.pem
  word | tr -d '\n' | keep metrics_token
  if [[ $(id -u) == 0 ]] && id skypark >/dev/null 2>&1; then chown -R skypark: .; fi
  ls -1
  exit
fi

# A folder that the container may write in; it lay beside the others once.
mkdir -p node
if [[ -s node_key.pem && ! -e node/node_key.pem ]]; then mv node_key.pem node/; fi
node_key node/node_key.pem

for name in postgres_password redis_password rabbitmq_password s3_secret_key metrics_token grafana_password elqr_webhook_secret; do
  word | tr -d '\n' | keep "$name"
done
printf 'postgres://skypark:%s@postgres:5432/skypark' "$(cat postgres_password)" | keep database_url
printf 'redis://:%s@redis:6379/0' "$(cat redis_password)" | keep redis_url
printf 'amqp://skypark:%s@rabbitmq:5672/%%2F' "$(cat rabbitmq_password)" | keep rabbitmq_url
printf '{"users":[{"name":"skypark","password":"%s","tags":[]}],"vhosts":[{"name":"/"}],"permissions":[{"user":"skypark","vhost":"/","configure":".*","write":".*","read":".*"}]}\n' \
  "$(cat rabbitmq_password)" | keep rabbitmq_definitions.json
printf '{"identities":[{"name":"skypark","credentials":[{"accessKey":"skypark","secretKey":"%s"}],"actions":["Admin","Read","Write","List"]}]}\n' \
  "$(cat s3_secret_key)" | keep s3_identities.json
# The same for another reader.
keep prometheus_token <metrics_token
# Empty: there are none.
touch elqr_webhook_key.pem elcard_client_secret sms_password smtp_url fiscal_api_key
openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 2>/dev/null | keep elqr_signing_key.pem

# The users of the containers in compose.yaml; the product's are all the others.
owner_of() {
  case $1 in
    postgres_password | s3_identities.json) echo 0 ;;
    redis_password | rabbitmq_definitions.json) echo 999 ;;
    prometheus_token) echo 65534 ;;
    grafana_password) echo 472 ;;
    *) echo 1000 ;;
  esac
}
if [[ $(id -u) == 0 ]]; then
  for file in *; do
    chown -R "$(owner_of "$file")" "$file"
    if [[ -f $file ]]; then chmod 600 "$file"; fi
  done
else
  echo 'Run it as root once more: only then can the containers read these files.' >&2
fi
ls -1
