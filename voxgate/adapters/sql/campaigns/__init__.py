"""Campaigns in the ledger's database: one transaction a method.

In order: `rows` turns rows into records, `register` has the campaigns, their locks and the chain of
events; then `recipients`, `planning`, what follows from the end of a sentence (`propagation`),
`claims`, `settling`, `reviewing`, `reading`, `recalls`, `erasure`; `store` is all of it as the port
has it. The tables are in `voxgate/adapters/sql/campaign_schema.py`.
"""
