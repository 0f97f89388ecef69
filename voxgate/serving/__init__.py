"""The speech service without its doors: what is asked for, who speaks it, what is kept.

No web framework, no SQL and no queue in here; `ports` says what is asked of those. In order:
`requests` (what a caller wants, and what a worker is told), `api_keys` (who may ask).
"""
