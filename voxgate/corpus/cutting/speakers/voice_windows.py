"""Who is heard in each second of speech: embeddings by window, and the voices among them.

N windows, D the width of an embedding, K voices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from voxgate.content_cache import ContentCache
from voxgate.corpus.cutting.spans import Span
from voxgate.files import digest_bytes
from voxgate.params.cut import CutParams
from voxgate.ports import SpeakerEncoder
from voxgate.types import HEARING_RATE_HZ, Embeddings, Wave

__all__ = ["Reader", "WindowEmbeddings", "embed_windows", "window_spans"]

Reader = Callable[[Span], Wave]
"""Returns 16 kHz samples of a recording."""

_VERSION = 2
_HANDED_OVER = 256
"""Windows embedded between two writes to the cache: enough for several workers."""

_MIN_S = 0.4
"""Shorter speech holds a syllable at most: nobody can be told by it."""

_AUDIBLE_PEAK = 1e-4


@dataclass(frozen=True, kw_only=True)
class WindowEmbeddings:
    """Windows of speech, in order, and what the encoder makes of each: (N, D), unit rows."""

    windows: tuple[Span, ...]
    vectors: Embeddings

    def __len__(self) -> int:
        return len(self.windows)

    @cached_property
    def durations_s(self) -> NDArray[np.float64]:
        """Length of each window: (N,)."""
        starts, ends = self._edges
        return np.asarray((ends - starts) / HEARING_RATE_HZ)

    def inside(self, span: Span) -> NDArray[np.intp]:
        """Return which windows have more than half of themselves in `span`."""
        starts, ends = self._edges
        shared = np.minimum(ends, span.end) - np.maximum(starts, span.start)
        return np.flatnonzero(2 * shared > ends - starts)

    @cached_property
    def _edges(self) -> NDArray[np.int64]:
        """Starts and ends of the windows as rows: a long recording has 100,000, asked for often."""
        pairs = [(window.start, window.end) for window in self.windows]
        return np.asarray(pairs, dtype=np.int64).reshape(-1, 2).T


def window_spans(speech: Sequence[Span], params: CutParams) -> list[Span]:
    """Cut each span of speech into windows of two sizes; the last of each ends with it.

    Whole windows tell people apart, half ones tell when one stops and another begins. Speech that
    is shorter than a half window is one, unless it is too short to tell anybody by. No window
    reaches over a pause: who spoke before it need not be who speaks after it.
    """
    whole = round(params.speaker_window_s * HEARING_RATE_HZ)
    hop = round(params.speaker_hop_s * HEARING_RATE_HZ)
    found: list[Span] = []
    for span in speech:
        if span.duration_s < _MIN_S:
            continue
        found += _windows(span, whole, hop)
        if span.n_samples > whole // 2:
            found += _windows(span, whole // 2, hop)
    return found


def _windows(span: Span, size: int, hop: int) -> list[Span]:
    last = span.end - size
    starts = [*range(span.start, last, hop), last] if last > span.start else [span.start]
    return [Span(start, min(span.end, start + size)) for start in starts]


def embed_windows(
    read: Reader,
    speech: Sequence[Span],
    *,
    encoder: SpeakerEncoder,
    cache: ContentCache,
    params: CutParams,
) -> WindowEmbeddings:
    """Embed the windows of all speech; what is too quiet to be heard is left out.

    Raises:
        EvaluatorError: the encoder failed.
    """
    size = round(params.speaker_window_s * HEARING_RATE_HZ)
    kept: list[Span] = []
    vectors: list[Embeddings] = []
    for spans in _batches(window_spans(speech, params)):
        waves = [read(span) for span in spans]
        heard = [n for n, wave in enumerate(waves) if np.abs(wave).max() >= _AUDIBLE_PEAK]
        if not heard:
            continue
        # A short window is repeated until it is a whole one: silence would count as its voice.
        filled = [np.resize(waves[n], size) for n in heard]
        vectors.append(_embed(filled, encoder, cache))
        kept += [spans[n] for n in heard]
    rows = np.concatenate(vectors) if vectors else np.zeros((0, 1), dtype=np.float32)
    return WindowEmbeddings(windows=tuple(kept), vectors=rows)


def _embed(waves: Sequence[Wave], encoder: SpeakerEncoder, cache: ContentCache) -> Embeddings:
    key = {
        "what": "voices",
        "version": _VERSION,
        "audio": digest_bytes(np.stack(waves).tobytes()),
        "instrument": encoder.identity.as_json(),
    }
    stored = cache.get_arrays(key)
    if stored is None:
        stored = {"vectors": encoder.embed(waves)}
        cache.put_arrays(key, stored)
    vectors: Embeddings = stored["vectors"]
    return vectors


def _batches(windows: Sequence[Span]) -> Iterator[Sequence[Span]]:
    return (windows[at : at + _HANDED_OVER] for at in range(0, len(windows), _HANDED_OVER))
