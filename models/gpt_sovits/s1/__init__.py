"""S1: phones to speech tokens, token by token or all at once.

In order: `sampling` draws; `token_model` is what a voice asks, whichever network answers. All at
once: `monotonic` aligns, `duration_text_to_semantic` is the network. Token by token:
`key_value_cache`, `linear_forms` and `transformer` are the parts, `generation` runs them,
`text_to_semantic` is the network, `speaking_transformer` its form for speaking. `preference` is
one more objective.
"""
