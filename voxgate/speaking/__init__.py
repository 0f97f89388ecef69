"""What a voice says: text → sentences → phones → tokens (S1) → wave (S2)."""
