"""Speaker embeddings through SpeechBrain."""
