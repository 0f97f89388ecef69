"""Korean: what hangul, digits, signs and hanja say, and how the Standard pronounces it."""
