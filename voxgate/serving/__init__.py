"""The speech service without its doors: what is asked for, who speaks it, what is kept.

No web framework, no SQL and no queue in here; `ports` says what is asked of those. In order:
`requests` (what a caller wants, what a worker is told), `ports`, `api_keys` (who may ask),
`preset_book` (how it is said), `catalogue` (voices and presets, one at a time) and `following`
(what goes on beside the requests); then a room each: `pool` holds the warm processes that speak,
`desk` keeps sentences and joins equal requests, `jobs` is what waits, `audit` who had what said,
and `releases` which version speaks. `shelf` has the speakers' profiles, `admission` lets requests
through, `accounts` enters an answer into the audit, and `service` puts all of it together.
"""
