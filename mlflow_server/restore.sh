#!/usr/bin/env bash
# Fill empty databases (entry/postgres.sh makes them) and an empty bucket from a backup.
# Usage: mlflow_server/restore.sh BACKUP       with the MLflow server stopped
# Wants what backup.sh wants.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=stores.sh
source "$(dirname "$0")/stores.sh"
voxgate restore "${1:?usage: restore.sh BACKUP}" "${STORES[@]}"
