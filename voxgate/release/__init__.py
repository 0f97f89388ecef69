"""From a verdict to a release, exactly once: states, rules and the chain of events.

In order: `states`; `events`; `records` (what an event says); `book` (what stands: the fold of all
events); `policy`; then the rules, one step a module: `candidates`, `approvals`, `promotions`,
`monitoring`. `notices` tell people, `projection` says what the registry shows, `audit` replays it
all. The world outside is asked through ports, such as `ledger`.
"""
