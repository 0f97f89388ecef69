"""Cut a recording into utterances of 1 to 15 s: at pauses, never inside a word, with room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from voxgate.corpus.cutting.sound.levels import Levels
from voxgate.corpus.cutting.spans import GRID, Span
from voxgate.corpus.cutting.stretches import Utterance
from voxgate.corpus.cutting.words.grouping import group_pieces
from voxgate.corpus.cutting.words.pieces import Piece, divide_long, place_words
from voxgate.params import CutParams
from voxgate.text.spaceless import join_words
from voxgate.types import HEARING_RATE_HZ, WordTiming

__all__ = ["TORN", "cut_utterances", "within"]

TORN = "torn_edges"
"""Measure of an utterance: how many of its edges lie at no real pause."""

_MOST_ROOM_S = 0.2
_LEAST_WORD_S = 0.02


def cut_utterances(
    words: Sequence[WordTiming],
    islands: Sequence[Span],
    levels: Levels,
    params: CutParams,
    *,
    n_samples: int,
    language: str,
) -> list[Utterance]:
    """Cut speech into utterances with the words that were heard in each.

    Args:
        words: of the whole recording, in order, in its seconds; good to some tenths of a second.
        islands: speech between real pauses (`find_islands`): their edges are the utterances'.
        levels: where it is quiet, for what is too long and has no real pause.
        params: bounds.
        n_samples: length of the recording, the last bound of room.
        language: what is spoken.

    Returns:
        In order and apart; all islands lie inside. The first word begins and the last one ends at
        the edge of the sound, so the room is what `span` has beyond them. Speech in which no word
        was heard is an utterance of its own, without a text.
    """
    longest_s = params.max_utterance_s - 2 * params.edge_room_s
    pieces = [
        part
        for piece in place_words(words, islands)
        for part in divide_long(piece, levels, longest_s=longest_s)
    ]
    groups = group_pieces(pieces, params)
    spans = list(_with_room(groups, params, n_samples))
    return [_utterance(group, span, language) for group, span in zip(groups, spans, strict=True)]


def within(words: Sequence[WordTiming], start_s: float, end_s: float) -> tuple[WordTiming, ...]:
    """Return words that fill `start_s` to `end_s`: none begins before or ends after, none is empty.

    What a word reaches into the silence outside is cut off; the first and the last word take the
    edges of the sound, which are known better than theirs.
    """
    if not words:
        return ()
    count = len(words)
    least = min(_LEAST_WORD_S, (end_s - start_s) / count)
    inner = np.clip([word.start_s for word in words[1:]], start_s, end_s)
    bounds = np.concatenate([[start_s], inner, [end_s]])
    steps = np.arange(count + 1) * least
    bounds = np.maximum.accumulate(bounds - steps) + steps  # each at least `least` after the last
    bounds = np.minimum(bounds, end_s - steps[::-1])
    ends = np.minimum(bounds[1:], np.maximum([w.end_s for w in words], bounds[:-1] + least))
    ends[-1] = end_s
    return tuple(
        replace(word, start_s=float(start), end_s=float(end))
        for word, start, end in zip(words, bounds[:-1], ends, strict=True)
    )


def _with_room(
    groups: Sequence[Sequence[Piece]], params: CutParams, n_samples: int
) -> Iterator[Span]:
    """Widen each group by its room, but into no more than half of a pause: it is shared.

    What would be too short otherwise gets up to 0.2 s.
    """
    end_before = 0
    for n, group in enumerate(groups):
        start, end = group[0].span.start, group[-1].span.end
        start_after = groups[n + 1][0].span.start if n + 1 < len(groups) else n_samples
        room = _room(end - start, params)
        before = (start - end_before) // (2 if n else 1) // GRID * GRID
        after = (start_after - end) // (1 if n + 1 == len(groups) else 2) // GRID * GRID
        yield Span(start - min(room, before), end + min(room, after))
        end_before = end


def _room(n_samples: int, params: CutParams) -> int:
    lacking_s = (params.min_utterance_s - n_samples / HEARING_RATE_HZ) / 2
    seconds = max(params.edge_room_s, min(lacking_s, _MOST_ROOM_S))
    return -(-round(seconds * HEARING_RATE_HZ) // GRID) * GRID


def _utterance(group: Sequence[Piece], span: Span, language: str) -> Utterance:
    words = [word for piece in group for word in piece.words]
    torn = int(group[0].torn_start) + int(group[-1].torn_end)
    return Utterance(
        span=span,
        text=join_words(word.word for word in words),
        language=language,
        words=within(words, group[0].span.start_s, group[-1].span.end_s),
        measures={TORN: float(torn)} if torn else {},
    )
