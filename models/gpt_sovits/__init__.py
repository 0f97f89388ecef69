"""The GPT-SoVITS family: text to semantic tokens (S1) and tokens to waveform (S2)."""
