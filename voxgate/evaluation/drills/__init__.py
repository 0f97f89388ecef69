"""Voices with one fault each, which the gate must stop."""
