#!/usr/bin/env bash
# Run Redis for ids of speech jobs. It keeps nothing: rows of the database are the truth, and what a
# restart loses is sent again within a minute.
# Wants: SECRETS with the file voxgate_broker_url (redis://NAME:PASSWORD@HOST:PORT/0); STATE, a folder
# in memory. Takes HOST, PORT.
set -euo pipefail
umask 077
: "${SECRETS:?}" "${STATE:?}"
login="$(sed -E 's|^redis://([^@]+)@.*|\1|' "$SECRETS/voxgate_broker_url")"
digest="$(printf %s "${login#*:}" | sha256sum | cut -d' ' -f1)"
# By a file and as a digest: arguments are listed to all users of a machine.
cat >"$STATE/users.acl" <<ACL
user default off
user ${login%%:*} on #$digest ~* &* +@all -@admin -@dangerous +info
ACL
exec redis-server --bind "${HOST:-127.0.0.1}" --port "${PORT:-6379}" --dir "$STATE" \
  --aclfile "$STATE/users.acl" --save "" --appendonly no --maxmemory-policy noeviction
