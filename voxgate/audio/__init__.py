"""Decode, resample, loudness, trim: arrays in, arrays out."""
