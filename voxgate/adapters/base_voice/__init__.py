"""The base voice that ships with the project, as an instrument.

In order: `written_words` finds the phones of each word as it is written; `aligner` places them in
audio by the emission model of S1.
"""
