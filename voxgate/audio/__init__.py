"""Decode, resample, loudness, trim: arrays in, arrays out.

In order: `containers`, `resampling` and `decoding` bring a file to samples; `loudness`, `silence`
and `joining` work on them; `shards` stores many; `preparation` is all of it for a clip of the
corpus, `reference_audio` for a caller's. No torch; nothing of text or corpus.
"""
