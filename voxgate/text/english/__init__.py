"""English: the rules → normalisation, lexicon → pronunciation → front_end."""
