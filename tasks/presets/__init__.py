"""How something is said, as rows: list them, add one.

In order: `rows`. What a row means is in `voxgate.speaking.presets`.
"""
