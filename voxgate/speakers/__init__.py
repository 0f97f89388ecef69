"""Whom a voice sounds like: profiles of speakers, with the consent that each use needs."""
