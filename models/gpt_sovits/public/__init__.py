"""Checkpoints of the public code: read without running a pickle, renamed, checked."""
