"""Recordings that others publish: `apt` reads package archives, the others use it."""
