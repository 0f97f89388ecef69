#!/usr/bin/env bash
# Make the secrets that compose.yaml mounts: random, readable by their owner only, never replaced.
# Usage: mlflow_server/init_secrets.sh DIRECTORY
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=secret_files.sh
source "$(dirname "$0")/secret_files.sh"
umask 077
directory="${1:?usage: init_secrets.sh DIRECTORY}"
mkdir -p "$directory"
cd "$directory"
for role in mlflow prefect ledger; do
  write "$role.pgpass" <<<"*:*:*:$role:$(random)"
done
write backup.pgpass <<<"$(cat mlflow.pgpass ledger.pgpass)"
for name in mlflow_admin_password mlflow_flask_key mlflow_worker_password; do
  write "$name" <<<"$(random)"
done
write accounts <<<"worker trainer $(<mlflow_worker_password)"
if [[ ! -e s3_credentials ]]; then
  echo "yours s3_credentials: [default], aws_access_key_id = …, aws_secret_access_key = …"
fi
