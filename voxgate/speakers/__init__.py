"""Whom a voice sounds like: profiles of speakers, with the consent that each use needs.

In order: `recipe` and `checks` (what a recording becomes, and whether it is fit), `profiles`,
`quality`, `events`, `register` (what stands), `usage` (may it be used?), `decisions` (what may
change), `enrolment`, `reference_files`; `ports` is what is asked of a database.
"""
