"""The GPT-SoVITS family: text to semantic tokens (S1) and tokens to waveform (S2).

In order: `presets` has every size; `masks`, `attention` and `weight_norm` are shared parts; then
`s1`, `s2`, and `public`, the files of the public code. `build` makes networks of a preset,
`checkpoints` keeps them; `optim` and `schedules` train them. docs/gpt_sovits.md has the facts that
all this must keep to.
"""
