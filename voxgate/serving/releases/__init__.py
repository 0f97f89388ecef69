"""Which version speaks, as the ledger says.

In order: `served_state`, `routing`, `live_versions`.
"""
