#!/usr/bin/env bash
# Run flows of the checkout in VOXGATE_CHECKOUT as they come due. Wants: PREFECT_API_URL, SECRETS with the
# file mlflow_worker_password. Takes POOL, and VOXGATE_* as docs/operating.md lists them.
set -euo pipefail
: "${PREFECT_API_URL:?}" "${SECRETS:?}" "${VOXGATE_CHECKOUT:?}"
VOXGATE_MLFLOW_PASSWORD="$(<"$SECRETS/mlflow_worker_password")"
export VOXGATE_MLFLOW_PASSWORD DO_NOT_TRACK=true
cd "$VOXGATE_CHECKOUT"
exec "${PYTHON:-python}" -m prefect worker start --pool "${POOL:-voxgate}" --type process \
  --with-healthcheck
