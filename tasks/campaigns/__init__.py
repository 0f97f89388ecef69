"""What a campaign manager asks: plan, let it be heard, start, stop, read, call back.

In order: `desk` (the rows and who asks), `create`, `calibrate`, `plan`, `control`, `show`,
`output`, `audit`, `recall`; `child` and `elsewhere` (what is slow, in another process),
`dry_runs`, `service` (what a server's doors ask); `notices` (who is told), `work` (who works).
"""
