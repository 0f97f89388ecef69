"""Recordings, their transcripts and consent, and what is fit for training.

In order: `paths`, `consent` and `manifest` are what an owner writes; `layouts`, `candidates` and
`addition` bring a foreign folder into that form; `ingestion` and `survey` say what a recording is;
`validation` judges it. Imports text and audio; instruments come in as ports.
"""
