"""Speech that nobody waits for: rows are the truth, whoever runs them holds a lease.

In order: `assets` (what a job leaves), `records`, `ports`, `files`, `fetches`, `transitions`,
`runner`, `loop`, `counting`, `desk`.
"""
