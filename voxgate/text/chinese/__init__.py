"""Mandarin: characters → numbers and signs → words → readings → tones → phones."""
