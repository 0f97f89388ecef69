"""Frozen networks: tokens and speaker vectors of audio, features of Chinese text.

`frozen_weights` and `transformers_compat` are what they share; each other module is one network.
"""
