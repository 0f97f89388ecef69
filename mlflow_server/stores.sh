# shellcheck shell=bash
# What backup.sh and restore.sh work on; to be sourced. Host and passwords come from PGHOST and
# PGPASSFILE, so that no list of processes shows one.
: "${PGHOST:?}" "${MLFLOW_ARTIFACTS_DESTINATION:?}"
# shellcheck disable=SC2034  # for the script that sources this
STORES=(
  --store ledger=postgresql://ledger@/ledger
  --store registry=postgresql://mlflow@/mlflow
  --store auth=postgresql://mlflow@/mlflow_auth
  --store "artifacts=$MLFLOW_ARTIFACTS_DESTINATION"
)
# A container with the locked packages has the checkout on its path, but no console script.
voxgate() { "${PYTHON:-python}" -c 'from flows.cli.app import main; main()' "$@"; }
