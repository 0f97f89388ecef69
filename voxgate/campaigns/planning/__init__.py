"""From recipients to keys: which sentences and files there are to make.

In order: `messages`, `planner`, `proof` (what is heard first).
"""
