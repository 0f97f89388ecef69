"""Which version speaks, as the ledger says.

In order: `served_state`, `routing`, `live_versions`; then what is watched of a version on trial:
`signals`, `tallying`, `shadow`.
"""
