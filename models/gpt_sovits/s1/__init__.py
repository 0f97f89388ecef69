"""S1: phones to speech tokens, token by token or all at once.

`sampling` draws; `token_model` is what a voice asks, whichever network answers. All at once:
`monotonic` aligns, `duration_text_to_semantic` is the network. Token by token:
`key_value_cache`, `linear_forms` and `transformer` are the parts, then `text_to_semantic` and how
it is run (`generation`, `speaking_transformer`). `preference` is one more objective.
"""
