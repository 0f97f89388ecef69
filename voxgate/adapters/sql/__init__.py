"""Ledger, leases, outbox, API keys and campaigns in SQLite or PostgreSQL.

In order: `schema` with its migrations, `database` with the writers' lock, then `ledger` and
`leases`, then `outbox`, which needs a lease to send; `campaigns` keep time as leases do; `api_keys`
and `trial_tallies` need none of these.
"""
