"""What a worker does with a claim: speak, check, join, store, and stop where something is wrong.

In order: `studio` (voice and ears), `rendering` (sentences to a file), `tools`, `speaking`,
`delivering`, `estimate` (what it will take), `alarms`, `tending` (what no claim brings about),
`turns`; then who takes them: hands in a `looping` shift, or workers that a broker's messages reach
(`passing`).
"""
