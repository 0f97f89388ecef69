"""Silero VAD, a detector of speech, by weights that a package carries.

In order: `detector` finds the weights, checks them and listens.
"""
