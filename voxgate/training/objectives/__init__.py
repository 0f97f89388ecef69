"""What each network is trained towards: batches in, losses out.

In order: `padding` and `waves` are shared; `text_to_semantic` and `durations` are S1's,
`synthesizer` S2's in `mini`, `flow_batches` and `adversarial` S2's with a flow.
"""
