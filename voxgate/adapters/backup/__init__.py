"""Backup and restoration of everything that cannot be computed again.

In order: `trees` of files, `stores` (the same for databases), `archive` (what a backup is).
"""
