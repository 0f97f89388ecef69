"""What a command shows a person, built from what the checkout and the ledger say.

`summary` gathers, `run` prints; `doctor`, `drills` and `votes` stand alone. Text only: nothing is
decided or written here.
"""
