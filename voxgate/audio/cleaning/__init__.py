"""Take out of a clip what is not speech; optional, each step by itself, nothing is thrown away.

In order: `hum` (notches at the mains and its harmonics), `clicks` (repairs single samples),
`noise` (spectral gating, by noisereduce); `cleaning` does the steps that are asked for and says
what each did. Whether a clip is better for it is judged in
`voxgate/corpus/cutting/sound/cleaning.py`.
"""
