"""Text front end: normalisation, lexicon, phonemes."""
