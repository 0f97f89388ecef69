"""The loop: batches, steps, ranks, learning rate, history, and resuming where a kill struck."""
