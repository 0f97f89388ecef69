"""Runs of whole campaigns: the example that ships, and what campaigns take at scale."""
