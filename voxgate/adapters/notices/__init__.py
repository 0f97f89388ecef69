"""Channels that tell people: webhook and e-mail."""
