"""Sittings of the judges, whatever they are for.

In order: `setup` builds them from params.yaml; `takes` lets a voice say everything several times;
`calibrate` measures the noise between two sittings, `drill` sends bad voices in; `rescore` brings a
rival's evidence into today's frame, `observe` measures what is live.
"""
