"""Speaker embeddings through SpeechBrain.

`torchaudio_compat` is what it needs of torchaudio, `speaker_encoder` the port's implementation.
"""
