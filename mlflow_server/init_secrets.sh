#!/usr/bin/env bash
# Make the secrets that compose.yaml mounts: random, readable by their owner only, never replaced.
# Usage: mlflow_server/init_secrets.sh DIRECTORY
set -euo pipefail
umask 077
directory="${1:?usage: init_secrets.sh DIRECTORY}"
mkdir -p "$directory"
cd "$directory"
random() { od -An -tx1 -N24 /dev/urandom | tr -d ' \n'; }
write() { # NAME, from standard input
  if [[ -e $1 ]]; then echo "kept  $1"; else cat >"$1.tmp" && mv "$1.tmp" "$1" && echo "made  $1"; fi
}
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
