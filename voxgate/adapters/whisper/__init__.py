"""OpenAI Whisper as transcriber, aligner and feature extractor.

In order: `model` loads, `encoding` and `decoding` are its halves, `alignment` forces a text onto
audio; `recogniser` joins them into the port. `features` is the shipped tokenizer's extractor.
"""
