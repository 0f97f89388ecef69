"""Scoring of voices on fixed prompts, by instruments that prove themselves first.

In order: `prompt_texts`, `prompt_rows`, `benchmark` (what is asked), `critical` (which words must
not change), `protocol` (what two comparable numbers share), `rates`; `plan` (which samples, which
seeds); `measurements`, which `transcription` and `speaker_similarity` take; `self_test`; `frame`
(what real people score); `evidence` (what comes out); `summary`, `synthesis`, `scoring`;
`resampling` (how sure a figure is), `selection`; `report` is for people, `evaluation` is the
whole. Knows no rival and no threshold; no torch.
"""
