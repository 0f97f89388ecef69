"""Recordings, their transcripts and consent, and what is fit for training.

In order: `paths`, `manifest`, `consent` and `user_lexicon` are what an owner writes; `languages`,
`columns`, `list_files`, `list_rows`, `list_entries`, `source_files`, `layouts` and `candidates`
read a foreign folder, `recording_files` finds long recordings; `recognitions` reads what a cache
keeps of a hearing; `ingested_clips` is the table that `prepared_recordings`, `ingestion` and
`survey` fill, `data_size` says how much there is, `validated_clips` is the table that `validation`
fills; `cutting` makes utterances of long recordings; `data_folder` is replaced as a whole,
`addition` brings a folder into it and `importing` what was cut; `reviewing` is for the ears of a
person. Imports text and audio; instruments come in as ports.
"""
