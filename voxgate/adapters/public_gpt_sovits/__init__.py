"""Checkpoints of the public GPT-SoVITS code, in and out.

In order: `files` knows the published ones, `weights` imports, `base` makes a start for training of
a pair, `export` writes a voice back.
"""
