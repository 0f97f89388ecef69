"""Decode, resample, loudness, trim: arrays in, arrays out.

In order: `containers` and `completeness` look at a file, `identification` says who reads it;
`clipping`, `collecting`, `readers` and `decoding` make samples of it; `resampling`, `offset`,
`silence`, `channels`, `loudness` and `joining` work on those; `shards` stores many; `preparation`
is all of it for a clip of the corpus, `isolation` the same in a process of its own,
`reference_audio` for a caller's. A recording of hours is heard by `streaming` and kept by
`sample_files`: `spooling` is both, `spool` the result. `encoding` makes files and streams of
speech. No torch; nothing of text or corpus.
"""
