"""The straightforward ways, to compare with: each with each, maps, all rows at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from voxgate.adapters.whisper.normaliser import load_spelling
from voxgate.audio.shards import Place, shard_path
from voxgate.text.comparison import spoken_form
from voxgate.text.comparisons import comparison_rules
from voxgate.text.front_ends import open_front_end

__all__ = [
    "MappedShards",
    "leaks_each_with_each",
    "pairs_each_with_each",
    "spelling_read_twice",
    "table_at_once",
]

_BLOCK = 1_024


def pairs_each_with_each(
    prints: Sequence[NDArray[np.float32]],
    durations_s: Sequence[float],
    *,
    min_correlation: float,
    max_stretch: float = 0.02,
) -> list[tuple[int, int]]:
    """Return what `near_audio` returns, by N² products."""
    matrix, lengths = np.stack(prints), np.asarray(durations_s)
    pairs: list[tuple[int, int]] = []
    for start in range(0, len(matrix), _BLOCK):
        alike = matrix[start : start + _BLOCK] @ matrix.T >= min_correlation  # (B, N)
        block = lengths[start : start + _BLOCK, None]
        alike &= np.abs(block - lengths) <= max_stretch * np.maximum(block, lengths)
        rows, columns = np.nonzero(alike)
        pairs += [
            (int(row) + start, int(column))
            for row, column in zip(rows, columns, strict=True)
            if row + start < column
        ]
    return pairs


def leaks_each_with_each(
    texts: Sequence[str], prompts: Sequence[str], *, language: str, minimum: float
) -> list[tuple[int, int, float]]:
    """Return what `find_leaks` returns of readable texts, by a comparison a text and prompt."""
    front_end = open_front_end(language)

    def runs(text: str) -> tuple[tuple[str, ...], frozenset[tuple[str, ...]]]:
        units, length = front_end.units(text), front_end.shared_run
        starts = range(len(units) - length + 1)
        return units, frozenset(units[at : at + length] for at in starts)

    wanted = [runs(prompt) for prompt in prompts]
    found = []
    for text_index, (units, own) in enumerate(map(runs, texts)):
        for prompt_index, (asked, parts) in enumerate(wanted):
            share = 1.0 if units == asked else len(own & parts) / max(len(parts), 1)
            if share > 0 and share >= minimum:
                found.append((text_index, prompt_index, share))
    return found


class MappedShards:
    """Reads clips out of shards that stay mapped."""

    def __init__(self, folder: Path) -> None:
        self._map = cache(lambda shard: np.load(shard_path(folder, shard), mmap_mode="r"))

    def read_pcm16(self, place: Place) -> NDArray[np.int16]:
        """Return the samples of one clip."""
        return np.asarray(self._map(place.shard)[place.offset : place.offset + place.n_samples])


def table_at_once(rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Return what `build_table` returns, of all rows as Python values."""
    return pa.Table.from_pylist(list(rows), schema=schema)


def spelling_read_twice() -> Callable[[str], str]:
    """Return what `text_normaliser` returns for English, which reads each text two times."""
    return spoken_form(comparison_rules("en"), spelling=load_spelling())
