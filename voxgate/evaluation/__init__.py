"""Scoring of voices on fixed prompts, by instruments that prove themselves first."""
