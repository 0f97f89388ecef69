"""Whom a voice sounds like: profiles of speakers, with the consent that each use needs.

In order: `recipe` and `checks` (what a recording becomes, and whether it is fit), `quality` and
`profiles` (what a version is), `events` and `register` (what stands), `ports` (what is asked of a
database), `usage` (may it be used?) and `standing` (does the voice sound like her?), `words` and
`decisions` (what may change), `reference_files` and `enrolment`.
"""
