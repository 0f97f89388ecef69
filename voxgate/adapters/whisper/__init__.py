"""OpenAI Whisper as transcriber, aligner and feature extractor."""
