"""The command line: `app` has the table of commands, each other module one group of them.

A command opens the checkout, calls a task or a flow, hands the answer to `flows.reports`, and
chooses the exit code. Heavy imports are inside the commands: `voxgate --help` is quick.
"""
