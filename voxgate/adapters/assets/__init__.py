"""Weights that are fetched: what they are, where they come from, where they lie."""
