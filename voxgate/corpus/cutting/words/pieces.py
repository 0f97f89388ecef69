"""Pieces of speech between pauses, each with the words that were heard in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from voxgate.corpus.cutting.sound.islands import inner_pauses
from voxgate.corpus.cutting.sound.levels import Levels
from voxgate.corpus.cutting.spans import Span
from voxgate.types import WordTiming

__all__ = ["Piece", "divide_long", "place_words"]

_SHORTEST_INNER_PAUSE_S = 0.06


@dataclass(frozen=True)
class Piece:
    """Speech without a pause, and its words in seconds of the recording.

    `torn` tells that an edge lies where nothing but a short silence, or none, parts two words.
    """

    span: Span
    words: tuple[WordTiming, ...] = ()
    torn_start: bool = False
    torn_end: bool = False


def place_words(words: Sequence[WordTiming], islands: Sequence[Span]) -> list[Piece]:
    """Give each word to the island that it shares most with, or that is nearest; order stays.

    A recogniser lets words reach far into pauses, so a word's place is where its sound is.
    """
    if not islands:
        return []
    held: list[list[WordTiming]] = [[] for _ in islands]
    starts = np.array([island.start_s for island in islands])
    ends = np.array([island.end_s for island in islands])
    earliest = 0
    for word in words:
        shared = np.minimum(ends, word.end_s) - np.maximum(starts, word.start_s)  # < 0: distance
        at = earliest + int(np.argmax(shared[earliest:]))
        held[at].append(word)
        earliest = at
    return [Piece(span, tuple(own)) for span, own in zip(islands, held, strict=True)]


def divide_long(piece: Piece, levels: Levels, *, longest_s: float) -> list[Piece]:
    """Divide a piece that is too long at the best of the short silences between its words.

    The best is long, and near the middle. A piece without one stays as it is.
    """
    if piece.span.duration_s <= longest_s:
        return [piece]
    pauses = inner_pauses(piece.span, levels, min_pause_s=_SHORTEST_INNER_PAUSE_S)
    middle_s = (piece.span.start_s + piece.span.end_s) / 2

    def worth(pause: Span) -> float:
        off_middle = abs((pause.start_s + pause.end_s) / 2 - middle_s) / piece.span.duration_s
        return pause.duration_s * (1.0 - 1.6 * off_middle)

    if not pauses:
        return [piece]
    best = max(pauses, key=worth)
    spans = [Span(piece.span.start, best.start), Span(best.end, piece.span.end)]
    left, right = place_words(piece.words, spans)
    return [
        part
        for half in (
            Piece(left.span, left.words, piece.torn_start, torn_end=True),
            Piece(right.span, right.words, torn_start=True, torn_end=piece.torn_end),
        )
        for part in divide_long(half, levels, longest_s=longest_s)
    ]
