"""Recordings, their transcripts and consent, and what is fit for training.

In order: `paths`, `consent` and `manifest` are what an owner writes; `layouts` and `candidates`
read a foreign folder; `ingested_clips` is the table that `ingestion` and `survey` fill, `addition`
brings a folder into that form; `validated_clips` is the table that `validation` fills. Imports text
and audio; instruments come in as ports.
"""
