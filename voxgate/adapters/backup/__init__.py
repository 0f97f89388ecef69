"""Backup and restoration of everything that cannot be computed again."""
