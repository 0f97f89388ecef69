"""What people hear before they decide, and what their votes come to.

In order: `tally` counts votes; `session` says what is heard beside what, and how a vote enters the
ledger; `room` is the port between the page and whoever knows what is heard; `recordings` are what
it plays.
"""
