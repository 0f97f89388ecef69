"""Implementations of the ports: Whisper, SpeechBrain, MLflow, DVC, object stores."""
