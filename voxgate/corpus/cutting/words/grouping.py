"""Which pieces of speech make an utterance: sentences first, of a comfortable length."""

from __future__ import annotations

import math
from collections.abc import Sequence

from voxgate.corpus.cutting.words.pieces import Piece
from voxgate.params import CutParams

__all__ = ["group_pieces"]

_SENTENCE_ENDS = ".?!…。？！"
_CLAUSE_ENDS = ",;:—–、，；："
_CLOSING = "\"'”’»)]"
_COMFORTABLE_S = 5.0
_TOO_SHORT = 4.0
_CLAUSE = 0.8
_MID_CLAUSE = 2.0
_LONG_PAUSE_S = 0.6


def group_pieces(pieces: Sequence[Piece], params: CutParams) -> list[list[Piece]]:
    """Group pieces, in order, into utterances; the sum of the costs is the least possible.

    A cut costs nothing after a sentence, something after a clause, more elsewhere, and less at a
    longer pause; an utterance costs more the further it is from 5 s, and much below the least
    length. Pauses above `max_pause_s` always part, and so does speech without a word: it is no
    part of its neighbours' texts.
    """
    groups: list[list[Piece]] = []
    for run in _runs(pieces, params):
        groups += _best_cuts(run, params)
    return groups


def _runs(pieces: Sequence[Piece], params: CutParams) -> list[list[Piece]]:
    runs: list[list[Piece]] = []
    for piece in pieces:
        joins = (
            bool(runs)
            and piece.span.start_s - runs[-1][-1].span.end_s <= params.max_pause_s
            and bool(piece.words) == bool(runs[-1][-1].words)
        )
        if joins:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs


def _best_cuts(run: list[Piece], params: CutParams) -> list[list[Piece]]:
    """Find the cheapest way through a run: the best end of each prefix, then back."""
    best, came_from = [0.0], [0]
    for end in range(1, len(run) + 1):
        cost, start = min(
            (best[start] + _cost(run[start:end], run[end : end + 1], params), start)
            for start in _starts(run, end, params)
        )
        best.append(cost)
        came_from.append(start)
    groups: list[list[Piece]] = []
    end = len(run)
    while end > 0:
        groups.insert(0, run[came_from[end] : end])
        end = came_from[end]
    return groups


def _starts(run: Sequence[Piece], end: int, params: CutParams) -> list[int]:
    """Return where an utterance that ends before piece `end` may begin; alone it always may."""
    longest_s = params.max_utterance_s - 2 * params.edge_room_s
    found = [end - 1]
    for start in range(end - 2, -1, -1):
        if run[end - 1].span.end_s - run[start].span.start_s > longest_s:
            break
        found.append(start)
    return found


def _cost(group: Sequence[Piece], following: Sequence[Piece], params: CutParams) -> float:
    seconds = group[-1].span.end_s - group[0].span.start_s
    cost = 0.5 * math.log(max(seconds, 0.1) / _COMFORTABLE_S) ** 2
    if seconds + 2 * params.edge_room_s < params.min_utterance_s:
        cost += _TOO_SHORT
    if following:
        pause_s = following[0].span.start_s - group[-1].span.end_s
        cost += _cost_of_end(group[-1]) - 0.5 * min(pause_s / _LONG_PAUSE_S, 1.0)
    return cost


def _cost_of_end(piece: Piece) -> float:
    """Say what it costs to end after a piece, by the last mark of its last word."""
    text = piece.words[-1].word.rstrip(_CLOSING) if piece.words else "."
    if text.endswith(tuple(_SENTENCE_ENDS)):
        return 0.0
    return _CLAUSE if text.endswith(tuple(_CLAUSE_ENDS)) else _MID_CLAUSE
