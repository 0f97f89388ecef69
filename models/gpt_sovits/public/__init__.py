"""Checkpoints of the public code: read without running a pickle, renamed, checked.

In order: `pickle_program` runs a pickle within bounds, `restricted_pickle` reads archives,
`networks` tells by shapes what they are, `checkpoints` decodes and encodes whole files. Imports the
presets only.
"""
