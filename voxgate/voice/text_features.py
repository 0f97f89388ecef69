"""What a Chinese text means, as S1 of the public presets is told it beside the phones.

A frozen BERT gives each character a row, which stands beside every phone of the character; other
languages and lead-ins have zeros (docs/gpt_sovits.md 5.3). Rows are kept one a character, half
precision: a character has two phones. N characters, C channels, L phones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voxgate.errors import TextError, WeightsError
from voxgate.text.phonemes import SpokenSpan

__all__ = [
    "BERT_FILE",
    "FEATURED",
    "CharacterFeatures",
    "Rows",
    "TextFeatures",
    "featured",
    "read_characters",
]

BERT_FILE = "chinese-roberta-wwm-ext-large/pytorch_model.bin"
"""The weights, in the published repository of the checkpoints."""

FEATURED = "zh"
"""The language whose characters the public checkpoints were trained with features of."""

Rows = NDArray[np.float16]
"""(N, C) features of characters."""


class TextFeatures(Protocol):
    """A frozen network that reads Chinese."""

    @property
    def sha256(self) -> str:
        """Digest of the weights."""
        ...

    def compute(self, text: str) -> Rows:
        """Return a row for each character of `text`, which was normalised."""
        ...


@dataclass(frozen=True)
class CharacterFeatures:
    """The rows of a text's Chinese characters, and where their phones are."""

    rows: Rows
    places: NDArray[np.int32]
    """(N, 2): a character's first phone in the text, and how many it has."""

    def over_phones(self, phones: int) -> NDArray[np.float32]:
        """Return (C, L) features of all `phones` of the text."""
        first, counts = self.places.T
        character = np.repeat(np.arange(len(counts)), counts)
        phone = np.repeat(first, counts) + np.concatenate(
            [np.arange(count) for count in counts] or [np.arange(0)]
        )
        spread = np.zeros((self.rows.shape[1], phones), dtype=np.float32)
        spread[:, phone] = self.rows[character].T
        return spread


def featured(spans: Iterable[SpokenSpan]) -> tuple[SpokenSpan, ...]:
    """Return the spans whose characters have features."""
    return tuple(span for span in spans if span.language == FEATURED)


def read_characters(
    spans: Iterable[SpokenSpan], source: TextFeatures, *, channels: int
) -> CharacterFeatures | None:
    """Return the features of the Chinese characters of a text; None: it has none.

    Raises:
        TextError: a span does not say which of its phones belong to which character.
        WeightsError: the network gives rows of another width than `channels`.
    """
    chosen = featured(spans)
    if not chosen:
        return None
    places = np.array(list(chain.from_iterable(map(_places, chosen))), dtype=np.int32)
    rows = np.concatenate([source.compute(span.text) for span in chosen])  # (N, C)
    if rows.shape != (len(places), channels):
        raise WeightsError(
            f"BERT {source.sha256} gave {rows.shape[0]} rows of {rows.shape[1]} numbers for "
            f"{len(places)} characters, and the preset reads {channels} a character; import the "
            "one that the checkpoints were trained with (docs/public_weights.md)"
        )
    return CharacterFeatures(rows, places)


def _places(span: SpokenSpan) -> list[tuple[int, int]]:
    counts = span.phones_per_character
    if counts is None or len(counts) != len(span.text) or sum(counts) != span.phone_count:
        said = "none" if counts is None else f"{len(counts)} with {sum(counts)} phones"
        raise TextError(
            f"{span.text!r}: expected a number of phones for each of {len(span.text)} characters, "
            f"{span.phone_count} together, got {said}"
        )
    firsts = np.cumsum([span.first_phone, *counts[:-1]])
    return [(int(first), count) for first, count in zip(firsts, counts, strict=True)]
