"""S2: speech tokens and a timbre to a wave.

In order: `wave_model` is what a voice asks, whichever network answers. The parts: `spectrogram`,
`quantizer`, `reference_encoder`, `prior_encoder`; `synthesizer` joins them into what both kinds
have in common; `losses`. `mini`: `pitch`, `source`, `wave_decoder`, `mini_synthesizer`. Public:
`wavenet`, `vocoder`, `discriminators`, `flow_synthesizer`. `speaker_verification` is frozen and
stands alone.
"""
