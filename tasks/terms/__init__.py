"""Terms of a domain: how they are spoken, and prompts that judge whether they are.

In order: `prompt` makes a regression prompt of a sentence, `lexicon` keeps the user's
pronunciations in data/, `benchmark` adds prompts to those of the gate. Nothing here speaks or
judges.
"""
