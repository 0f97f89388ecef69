"""Measure how texts are read, language by language."""
