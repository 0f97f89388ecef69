"""S2: speech tokens and a timbre to a wave."""
