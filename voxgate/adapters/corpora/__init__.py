"""Recordings that others publish."""
