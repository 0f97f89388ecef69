"""Figures of single parts at the size that they are meant for: one program a table."""
