"""The command line: `app` is its table, `options` what commands share, the rest one group each.

A command opens the checkout, calls a task or a flow, hands the answer to `flows.reports`, and
chooses the exit code. Heavy imports are inside the commands: `voxgate --help` is quick.
"""
