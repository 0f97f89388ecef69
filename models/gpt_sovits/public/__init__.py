"""Checkpoints of the public code: read without running a pickle, renamed, checked.

In order: `restricted_pickle` reads bytes, `networks` tells by shapes what they are, `checkpoints`
decodes and encodes whole files. Imports the presets only.
"""
