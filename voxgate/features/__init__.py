"""What training reads: phones, tokens, splits and the reference clip, made of accepted clips."""
