"""Recordings, their transcripts and consent, and what is fit for training.

In order: `paths`, `manifest` and `consent` are what an owner writes; `languages`, `columns`,
`list_files`, `list_rows`, `list_entries`, `source_files`, `layouts` and `candidates` read a foreign
folder; `ingested_clips` is the table that `ingestion` and `survey` fill, `addition` brings a folder
into that form; `validated_clips` is the table that `validation` fills. Imports text and audio;
instruments come in as ports.
"""
