"""Is a clip fit for training? Findings, one reason a fault, and the table that holds them.

In order: `findings` has the catalogue, `quality` measures, `dossiers` hold what is known of a clip;
the checks are `signal_checks`, `transcripts`, `alignment`, `consistency` and `duplicates`;
`clip_screening` runs the cheap ones on one clip, `screening_room` once for each, `screening` holds
them against each other; `expectations` looks at the whole table, `verdicts` sums up.
"""
