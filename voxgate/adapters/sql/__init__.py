"""Ledger, leases, outbox and API keys in SQLite or PostgreSQL.

In order: `schema` with its migrations, `database` with the writers' lock, then `ledger` and
`leases`, then `outbox`, which needs a lease to send; `api_keys` and `trial_tallies` need none of
these.
"""
