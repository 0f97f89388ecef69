"""S1: phones to speech tokens, token by token or all at once."""
