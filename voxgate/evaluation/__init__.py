"""Scoring of voices on fixed prompts, by instruments that prove themselves first.

In order: `benchmark` (what is asked), `protocol` (what two comparable numbers share), `rates`;
`plan` (which samples, which seeds); `measurements`, which `transcription` and
`speaker_similarity` take; `self_test`; `frame` (what real people score); `evidence` (what comes
out); `summary`, `synthesis`, `scoring`; `resampling` (how sure a figure is), `selection`;
`report` is for people, `evaluation` is the whole. Knows no rival and no threshold; no torch.
"""
