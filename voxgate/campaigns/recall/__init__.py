"""Take back what was delivered: files, caches, and the list of what had been fetched.

In order: `purge`, `jobs`, `fetched`, `recalling`, `redo`.
"""
