"""Cantonese: characters → normalisation, lexicon and contexts → readings → phones → front_end."""
