"""Backup and restoration of everything that cannot be computed again.

In order: `trees` of files, `kept_folder` (files that are put back beside others), `stores` (the
same for databases), `archive` (what a backup is).
"""
