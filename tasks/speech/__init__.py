"""What the speech service is asked from outside of it, one question a file.

`audit`: who had what said; `catalogue`: voices, presets, and recordings that are uploaded.
The rules are in `voxgate.serving`.
"""
