"""The verdict: a pure function of an evidence bundle.

In order: `statistics`; `thresholds`, `calibration` and `criterion` (one question, one answer);
`arm` and `sound_arm` (one voice as whole numbers). Whether numbers may be believed: `limits` (how
loose one may be), `provenance`, `sound_evidence`, `completeness`, `expected_noise` and `calibrated`
(whose noise it is), `comparability`. What they say: `floors`, `comparison`, `slices`; of the sound
`sound_limits`, `sound_figures`, `sound`; `trade` is what a person signed, `standing` what the
ledger said. `verdict` joins all, `report` and `sound_report` word it, `bundle` keeps it. Imports
the evidence and nothing that measures; no clock, no params.yaml.
"""
