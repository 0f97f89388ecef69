"""How a bad voice is made of the sources: by another text, another wave, or two waves joined."""

from __future__ import annotations

from collections.abc import Callable

from voxgate.evaluation.drills.damage.splices import prepend
from voxgate.evaluation.drills.damage.words import opening_words
from voxgate.evaluation.drills.sources import Sources
from voxgate.evaluation.drills.voices import (
    Damager,
    Foreigner,
    Leaker,
    Misreader,
    Mixer,
    Remembering,
    Splicer,
)
from voxgate.ports import Voice
from voxgate.types import Wave

__all__ = ["damaged", "foreign", "leaking", "misread", "mixed_up", "spliced"]


def misread(change: Callable[[str], str]) -> Callable[[Sources], Voice]:
    """Let the sound voice read a changed text; this one is synthesised anew."""
    return lambda sources: Misreader(sources.voice, change)


def damaged(
    change: Callable[[Wave], Wave], *, sometimes: bool = False
) -> Callable[[Sources], Voice]:
    """Change the samples that were judged, all or about one of three."""
    return lambda sources: Damager(sources.replay, change, sometimes)


def spliced(join: Callable[[Wave, Wave], Wave]) -> Callable[[Sources], Voice]:
    """Join the samples that were judged with what the stranger makes of the same text."""
    return lambda sources: Splicer(sources.replay, sources.stranger, join)


def leaking(sources: Sources) -> Voice:
    """Let the first words of the reference's text come before the samples that were judged."""
    words = opening_words(sources.reference_text)
    return Leaker(sources.replay, Remembering(sources.voice), words, prepend)


def mixed_up(sources: Sources) -> Voice:
    """Give every prompt the samples of another one."""
    return Mixer(sources.replay)


def foreign(sources: Sources) -> Voice:
    """Play recordings in another language."""
    return Foreigner(sources.replay, sources.foreign)
