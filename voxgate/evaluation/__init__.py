"""Scoring of voices on fixed prompts, by instruments that prove themselves first.

In order: `prompt_texts`, `prompt_rows`, `benchmark` (what is asked), `critical_runs` and `critical`
(which words must not change), `protocol` (what two comparable numbers share), `rates`, `resampling`
(how sure a figure is); `plan` (which samples, which seeds); `waves` (read when needed);
`measurements`, which `transcription` and `speaker_similarity` take; `self_test`; `held_out` (who
the speaker is) and `frame` (what real people score); `evidence` (what comes out), `small_data`
(what it says of little data), `terms` (what it says of lexicons); `summary`; `spoken` (one line),
`synthesis` (all of them, here or by workers), `scoring`; `selection`; `unit_report` and `report`
are for people, `evaluation` is the whole, `heard_terms` hears the sentences of lexicons. Knows no
rival and no threshold; no torch.
"""
