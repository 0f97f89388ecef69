"""The verdict: a pure function of an evidence bundle.

In order: `numbers`, `statistics`; `thresholds`, `sound_limits`, `calibration` and `criterion` (one
question, one answer); `arm` and `sound_arm` (one voice as whole numbers). Whether numbers may be
believed: `limits` (how loose one may be), `expected_noise` and `calibrated` (whose noise it is),
`sound_evidence`, `provenance`, `completeness`, `comparability`. What they say: `floors`,
`comparison`, `deviations`, `slices`, `small_data`, `terms`, `sound_figures`, `sound`; `trade` is
what a person signed, `standing` what the ledger said. `languages` and `verdict` join all of one
voice; `sound_report` and `report` word it, `bundle` keeps it. Imports the evidence and nothing that
measures; no clock, no params.yaml.
"""
