"""Evaluations, whatever they are for.

In order: `checkout_caches` keeps what was measured, `setup` builds an evaluation from params.yaml,
`evidence` writes what it found, `thresholds` says what it is measured against, `seals` and
`shipped` whether a file is what was measured, `extension` measures what a later look lacks; `takes`
lets a voice say everything several times; `calibrate` measures the noise between two evaluations,
`drill` sends bad voices in; `rescore` brings a rival's evidence into today's frame, `observe`
measures what is live.
"""
