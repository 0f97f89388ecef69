"""Voices with one fault each, which the gate must stop.

In order: `damage` (what is done to texts and waves), `sources` (what bad voices are made of),
`voices` (those that do it whenever they speak), `making` (how these are made of the sources);
`faults` (what a bad voice is, and what the gate must say of it), `bad_voices` (the table of all).
"""
