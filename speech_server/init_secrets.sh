#!/usr/bin/env bash
# Make the secrets of the speech service beside those that mlflow_server/init_secrets.sh made: random,
# readable by their owner only, never replaced.
# Usage: speech_server/init_secrets.sh DIRECTORY
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../mlflow_server/secret_files.sh
source "$(dirname "$0")/../mlflow_server/secret_files.sh"
umask 077
directory="${1:?usage: init_secrets.sh DIRECTORY}"
cd "$directory"
: "$(<accounts)" # made by mlflow_server/init_secrets.sh; a line is added to it
write voxgate_broker_url <<<"redis://voxgate:$(random)@redis:6379/0"
write voxgate_speech_secret <<<"$(head -c 32 /dev/urandom | base64 -w0)"
write speech_mlflow_password <<<"$(random)"
if ! grep -q '^speech ' accounts; then
  echo "speech reader $(<speech_mlflow_password)" >>accounts
  echo "added speech to accounts; voxgate roles makes it the server's"
fi
if [[ ! -e speech_s3_credentials ]]; then
  echo "yours speech_s3_credentials: [default], aws_access_key_id = …, aws_secret_access_key = …"
fi
