"""What the release asks of the world outside, as protocols: adapters implement, tests fake them.

The `ledger` and its `leases`, the `registry` that follows it, the `outbox` that tells people, and
the `tallies` of trials.
"""
