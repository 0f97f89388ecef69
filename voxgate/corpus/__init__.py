"""Recordings, their transcripts and consent, and what is fit for training."""
