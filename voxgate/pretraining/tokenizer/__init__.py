"""The speech tokenizer: features of a frozen network, a projection of them, and its codebook."""
