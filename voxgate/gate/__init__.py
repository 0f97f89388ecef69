"""The verdict: a pure function of an evidence bundle.

In order: `statistics`; `thresholds`, `calibration` and `criterion` (one question, one answer);
`arm` (one voice as whole numbers). Whether numbers may be believed: `limits` (how loose one may
be), `provenance`, `completeness`, `calibrated` (whose noise it is), `comparability`. What they say:
`floors`, `comparison`, `slices`; `trade` is what a person signed, `standing` what the ledger said.
`verdict` joins all, `report` words it, `bundle` keeps it. Imports the evidence and nothing that
measures; no clock, no params.yaml.
"""
