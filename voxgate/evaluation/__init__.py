"""Scoring of voices on fixed prompts, by instruments that prove themselves first.

In order: `benchmark` (what is asked), `protocol` (what two comparable numbers share), `rates`;
`plan` (which samples, which seeds); `self_test`; `evidence` is what comes out, `summary` its
figures; `selection` chooses a checkpoint, `scoring` scores a sample, `report` is for people. The
frame is what real people score. Knows no rival and no threshold; no torch.
"""
