"""What can be wrong with speech, done to it on purpose: changes of a text or of a wave.

In order: `words` changes texts; `anatomy` (where a wave has speech, where it pauses) and
`stretching` (another tempo at the same pitch) serve the others; `noise`, `timing`, `level`, `pitch`
and `timbre` change waves, `splices` joins two. A wave is (T,) float32 at 16 kHz. Each function is
pure: the same wave gives the same damage, which draws its random numbers from the wave itself.
"""
