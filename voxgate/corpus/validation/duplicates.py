"""Find recordings that say the same thing twice: the same audio, nearly the same, the same text.

Which one is kept is a rule, not chance: see `keep_best`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from voxgate.corpus.validation.dossiers import Dossier
from voxgate.types import Wave

__all__ = ["fingerprint", "keep_best", "near_audio", "same_key"]

Fingerprint = NDArray[np.float32]
Lengths = NDArray[np.float64]
Indices = NDArray[np.intp]

_BANDS, _SLOTS = 20, 32
_FFT, _HOP = 512, 160
_LOW_HZ, _HIGH_HZ = 150.0, 6_000.0
_ROWS, _COLUMNS = 512, 2_048
"""Clips that are compared at once: 4 MB of products, and 6 MB of pictures."""

_ROUNDING = 1e-5
"""More than the float32 products of one pair differ by, in blocks of different shapes."""


def fingerprint(wave: Wave, sample_rate_hz: int) -> Fingerprint:
    """Return a loudness-independent picture of a wave: (640,) float32 of unit length and zero mean.

    20 log-spaced bands of the log spectrum, averaged into 32 equal slices of the wave, so that
    copies with another gain, codec or some milliseconds more silence have a correlation near 1.
    """
    window = np.hanning(_FFT).astype(np.float32)
    padded = np.pad(wave, (0, max(0, _FFT - len(wave))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FFT)[::_HOP]  # (N, 512)
    power = np.abs(np.fft.rfft(frames * window)) ** 2  # (N, F)
    edges_hz = np.geomspace(_LOW_HZ, min(_HIGH_HZ, sample_rate_hz / 2), _BANDS + 1)
    edges = np.maximum(1, np.rint(edges_hz * _FFT / sample_rate_hz).astype(int))
    bands = np.stack(
        [power[:, low : max(high, low + 1)].mean(axis=1) for low, high in pairwise(edges)],
        axis=1,
    )  # (N, 20)
    floor = max(float(bands.max()) * 1e-5, 1e-12)
    log_bands = np.log(np.maximum(bands, floor))
    slots = np.array_split(np.arange(len(log_bands)), _SLOTS)
    rows = [log_bands[slot if len(slot) else [-1]].mean(axis=0) for slot in slots]
    picture = np.concatenate(rows)
    picture -= picture.mean()
    return np.asarray(picture / max(float(np.linalg.norm(picture)), 1e-12), dtype=np.float32)


def near_audio(
    prints: Sequence[Fingerprint],
    durations_s: Sequence[float],
    *,
    min_correlation: float,
    max_stretch: float = 0.02,
) -> list[tuple[int, int]]:
    """Return pairs (i, j), i < j, sorted, of nearly equal audio: similar picture and length.

    Only clips of similar length are compared, in blocks: the memory beyond `prints` does not grow
    with their number.
    """
    lengths = np.asarray(durations_s, dtype=np.float64)
    order = np.argsort(lengths, kind="stable")  # a clip's copies follow it closely
    ascending = lengths[order]
    found = [np.zeros((0, 2), dtype=np.int64)]
    for start in range(0, len(order), _ROWS):
        rows = order[start : start + _ROWS]
        stop = _reach(ascending, start + len(rows) - 1, max_stretch)
        pictures = np.stack([prints[row] for row in rows])  # (R, 640)
        for at in range(start, stop, _COLUMNS):
            columns = order[at : min(at + _COLUMNS, stop)]
            others = np.stack([prints[column] for column in columns])  # (C, 640)
            row, column = _alike(pictures, others, min_correlation)
            near = _similar(ascending[start + row], ascending[at + column], max_stretch)
            near &= start + row < at + column  # each pair once
            found.append(np.stack([rows[row[near]], columns[column[near]]], axis=1))
    pairs = np.sort(np.concatenate(found), axis=1)
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    return [(first, second) for first, second in pairs.tolist()]


def _reach(ascending: Lengths, index: int, max_stretch: float) -> int:
    """Return the end of what may be as long as number `index`: rather one more than one less."""
    if max_stretch >= 1.0:
        return len(ascending)
    longest = ascending[index] / (1.0 - max_stretch) * (1.0 + 1e-9)
    return int(np.searchsorted(ascending, longest, side="right"))


def _similar(one: Lengths, other: Lengths, max_stretch: float) -> NDArray[np.bool_]:
    return np.abs(one - other) <= max_stretch * np.maximum(one, other)


def _alike(
    pictures: Fingerprint, others: Fingerprint, min_correlation: float
) -> tuple[Indices, Indices]:
    """Return the rows and columns of (R, C) whose correlation is large enough.

    What is too near the bound for a product in blocks is computed again, alone: whether a pair is
    one must not depend on what else the corpus holds.
    """
    bound = float(np.float32(min_correlation))
    products = pictures @ others.T  # (R, C)
    row, column = np.nonzero(products >= bound - _ROUNDING)
    sure = products[row, column] >= bound + _ROUNDING
    for at in np.flatnonzero(~sure):
        one, other = pictures[row[at]].astype(np.float64), others[column[at]].astype(np.float64)
        sure[at] = float(np.sum(one * other)) >= bound
    return row[sure], column[sure]


def same_key(
    dossiers: Iterable[Dossier], key: Callable[[Dossier], Hashable]
) -> Iterator[list[Dossier]]:
    """Yield the groups of two or more that share a key, in order of first appearance."""
    groups: dict[Hashable, list[Dossier]] = defaultdict(list)
    for dossier in dossiers:
        groups[key(dossier)].append(dossier)
    return (group for group in groups.values() if len(group) > 1)


def keep_best(group: Sequence[Dossier], code: str, *, what: str) -> None:
    """Reject all but one of a group of duplicates.

    Kept is the lowest character error rate (where it was measured), then the highest SNR in whole
    dB, then the first recording_id: the same choice on every machine.
    """
    best = min(group, key=_rank)
    for dossier in group:
        if dossier is not best:
            dossier.duplicate_of = best.recording_id
            dossier.find(
                code, expected=f"each {what} once", arrived=f"the {what} of {best.recording_id!r}"
            )


def _rank(dossier: Dossier) -> tuple[float, int, str]:
    assert dossier.signal is not None  # only clips that passed the signal checks are compared
    cer = dossier.rates.cer if dossier.rates else 0.0
    return (cer, -int(dossier.signal.snr_db), dossier.recording_id)
