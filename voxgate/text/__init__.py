"""From written text to phoneme ids: a front end for each language, then what all of them share."""
