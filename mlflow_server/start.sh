#!/usr/bin/env bash
# Serve MLflow (tracking and registry) on loopback from a checkout's own SQLite store.
# Usage: mlflow_server/start.sh [PORT]      (or `voxgate ui --port PORT`, which calls this file)
set -euo pipefail
cd "$(dirname "$0")/.."
store="$PWD/.voxgate/mlflow"
mkdir -p "$store"
# Without job execution the server is one worker of half a gigabyte instead of ten processes.
export MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false MLFLOW_DISABLE_TELEMETRY=true DO_NOT_TRACK=true
exec "${PYTHON:-.venv/bin/python}" -m mlflow server --host 127.0.0.1 --port "${1:-5000}" --workers 1 \
  --backend-store-uri "sqlite:///$store/mlflow.db" --artifacts-destination "$store/artifacts"
