"""Frozen networks that make tokens and speaker vectors of audio."""
