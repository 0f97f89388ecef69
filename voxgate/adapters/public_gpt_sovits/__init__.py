"""Checkpoints of the public GPT-SoVITS code, in and out."""
