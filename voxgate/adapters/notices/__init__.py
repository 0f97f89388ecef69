"""Channels that tell people: `webhook` and `email`. The outbox decides what, when and how often."""
