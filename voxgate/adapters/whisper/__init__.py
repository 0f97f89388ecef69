"""OpenAI Whisper as transcriber, aligner and feature extractor.

In order: `model` loads, `precision` says in which numbers it computes, `encoding` and `decoding`
are its halves, `alignment` forces a text onto audio; `recogniser` joins them into the port.
`features` is the shipped tokenizer's extractor.
"""
