"""Features and training loops of both models."""
