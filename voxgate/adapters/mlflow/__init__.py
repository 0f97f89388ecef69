"""Tracking and registry in MLflow, which follows the ledger.

In order: `database` and `relocation` look at the file of the embedded store, `store` opens the
connection, `pictures`, `listening_room` and `voice` are what is stored; `registry` and `runs` are
its two halves; `projection` shows what the ledger says, `gold`, `packages` and `restoration` fetch
and mend; `reconciler` does it all at once, and `embedded` looks without starting MLflow. `roles`
are accounts.
"""
