"""Transcripts that exist already: read, and followed instead of what a recogniser wrote.

In order: `lines` is what each format becomes; `subtitles` (SRT, VTT), `text_grids` (Praat) and
`labels` (Audacity) parse one format each; `reading` tells them apart by name and content, and reads
plain text; `following` lays the given words over the heard ones.
"""
