"""Voices with one fault each, which the gate must stop: `damage`, then `bad_voices` made of it."""
