#!/usr/bin/env bash
# Back up the servers' databases and the bucket to a new folder named by the time.
# Usage: mlflow_server/backup.sh DIRECTORY
# Wants: PGHOST, PGPASSFILE with lines for mlflow and ledger, MLFLOW_ARTIFACTS_DESTINATION, AWS_*.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=stores.sh
source "$(dirname "$0")/stores.sh"
voxgate backup "${1:?usage: backup.sh DIRECTORY}/$(date -u +%Y-%m-%dT%H%M%SZ)" "${STORES[@]}"
