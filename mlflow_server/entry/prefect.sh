#!/usr/bin/env bash
# Serve Prefect's API and UI from PostgreSQL. Wants: PGHOST, PGUSER, PGPASSFILE. Takes HOST, PORT.
# Prefect's own server asks nobody who they are: publish it on loopback, or behind a proxy that does.
set -euo pipefail
: "${PGHOST:?}" "${PGUSER:?}"
export PREFECT_API_DATABASE_CONNECTION_URL="postgresql+asyncpg:///prefect"
export PREFECT_SERVER_UI_API_URL="http://127.0.0.1:${PUBLISHED_PORT:-${PORT:-4200}}/api"
export PREFECT_SERVER_ANALYTICS_ENABLED=false DO_NOT_TRACK=true
exec "${PYTHON:-python}" -m prefect server start --host "${HOST:-127.0.0.1}" --port "${PORT:-4200}"
