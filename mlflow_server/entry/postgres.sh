#!/usr/bin/env bash
# Run PostgreSQL with a role and databases for each service; make them where they are missing.
# Wants: PGDATA, SECRETS (a folder with NAME.pgpass for each role below). Takes HOST, PORT, SOCKETS.
# The superuser has no password: the same user of the same machine comes in, by the socket.
set -euo pipefail
: "${PGDATA:?}" "${SECRETS:?}"
port="${PORT:-5432}" sockets="${SOCKETS:-/var/run/postgresql}"
PATH="$PATH$(printf ':%s' /usr/lib/postgresql/*/bin)"
if [[ ! -s $PGDATA/PG_VERSION ]]; then
  initdb -D "$PGDATA" -U "$(id -un)" -E UTF8 --auth-local=peer --auth-host=scram-sha-256 >/dev/null
  # initdb admits this machine only; the services are on others of the inner network.
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
fi
pg_ctl -D "$PGDATA" -w -o "-h '' -k $sockets -p $port" start >/dev/null
sql() { psql -h "$sockets" -p "$port" -d postgres -qAt -v ON_ERROR_STOP=1; }
for role in mlflow prefect ledger; do
  sql <<SQL
\set role $role
\set password \`cut -d: -f5 "$SECRETS/$role.pgpass"\`
SET log_min_error_statement = panic;
SELECT format('CREATE ROLE %I LOGIN', :'role')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" PASSWORD :'password';
SQL
done
for pair in mlflow:mlflow mlflow_auth:mlflow prefect:prefect ledger:ledger; do
  sql <<SQL
\set name ${pair%:*}
\set owner ${pair#*:}
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'owner')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
REVOKE CONNECT, TEMPORARY ON DATABASE :"name" FROM PUBLIC;
SQL
done
pg_ctl -D "$PGDATA" -w -m fast stop >/dev/null
exec postgres -D "$PGDATA" -h "${HOST:-127.0.0.1}" -k "$sockets" -p "$port"
