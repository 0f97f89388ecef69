"""S2: speech tokens and a timbre to a wave.

Parts first: `spectrogram`, `quantizer`, `reference_encoder`, `prior_encoder`. `synthesizer` joins
them into what both kinds have in common. `mini`: `pitch`, `source`, `wave_decoder`,
`mini_synthesizer`. Public: `wavenet`, `vocoder`, `flow_synthesizer`, and to train it
`discriminators`, `losses`. `speaker_verification` is frozen and stands alone.
"""
