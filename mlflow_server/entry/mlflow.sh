#!/usr/bin/env bash
# Serve MLflow for a team: runs and registry in PostgreSQL, artifacts in a bucket that only this
# server has keys for, a password for everybody.
# Wants: PGHOST, PGUSER, PGPASSFILE; MLFLOW_ARTIFACTS_DESTINATION (s3://…), AWS_SHARED_CREDENTIALS_FILE
# and, for a store that is not Amazon's, AWS_ENDPOINT_URL_S3; SECRETS, a folder with the files
# mlflow_admin_password and mlflow_flask_key. Takes HOST, PORT, MLFLOW_SERVER_ALLOWED_HOSTS.
set -euo pipefail
here="$(cd "$(dirname "$0")/.." && pwd)"
: "${PGHOST:?}" "${PGUSER:?}" "${MLFLOW_ARTIFACTS_DESTINATION:?}" "${SECRETS:?}"
# In the environment and not in the arguments, which every user of the machine can list.
MLFLOW_AUTH_ADMIN_PASSWORD="$(<"$SECRETS/mlflow_admin_password")"
MLFLOW_FLASK_SERVER_SECRET_KEY="$(<"$SECRETS/mlflow_flask_key")"
export MLFLOW_AUTH_ADMIN_PASSWORD MLFLOW_FLASK_SERVER_SECRET_KEY
export MLFLOW_AUTH_CONFIG_PATH="$here/basic_auth.ini" MLFLOW_BASIC_AUTH_FAIL_CLOSED=true
export MLFLOW_BACKEND_STORE_URI="postgresql+psycopg:///mlflow" MLFLOW_ARTIFACTS_DESTINATION
# Without workspaces every account, a reader's too, may make models and experiments of its own.
export MLFLOW_ENABLE_WORKSPACES=true
# Without job execution the server is one worker of half a gigabyte instead of ten processes.
export MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false MLFLOW_DISABLE_TELEMETRY=true DO_NOT_TRACK=true
exec "${PYTHON:-python}" -m mlflow server --host "${HOST:-127.0.0.1}" --port "${PORT:-5000}" \
  --workers 1 --serve-artifacts --app-name basic-auth
