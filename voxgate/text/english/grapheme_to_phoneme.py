"""Guess how an unknown English word is spoken: an n-gram model of graphones.

A graphone joins one or two letters with none, one or two phonemes: "phone" is ph:F o:OW1 n:N e:.
The model is a back-off n-gram over graphones (Bisani & Ney 2008, joint-sequence models), trained
on the CMU dictionary by `voxgate.pretraining.spelling.model`; decoding is a beam search over the
ways to divide the word.
"""

from __future__ import annotations

import io
import json
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from voxgate.errors import TextError

__all__ = ["Graphone", "SpellingModel", "read_spelling_model", "spelling_model"]

Phones = tuple[str, ...]
Ints = NDArray[np.int64]
Graphone = tuple[str, Phones]
"""Letters, and the phonemes that they stand for."""

START, END = 0, 1
"""Symbols of the n-grams that are no graphones."""

_BEAM = 16
_ROOT = 0
LOG_STEP = 0.1
"""Log probabilities and back-off weights are stored as multiples of this, negated, in a byte."""


@dataclass(frozen=True)
class SpellingModel:
    """A trie of n-grams. Node 0 is the empty context; children follow their parents.

    `keys[i]` = parent * (number of symbols) + symbol names node i + 1, ascending. `phones_of` has
    the phonemes of each symbol, `spellings` the symbols of one or two letters. `score` is the log
    probability of a node's last symbol after the ones before it, `back_off` what is added when a
    context does not know the next symbol, `shorter` the longest suffix of a node's n-gram that is a
    node itself.
    """

    phones_of: Sequence[Phones]
    spellings: Mapping[str, Sequence[int]]
    keys: Sequence[int]
    score: Sequence[float]
    back_off: Sequence[float]
    shorter: Sequence[int]

    def pronounce(self, word: str) -> tuple[str, ...]:
        """Return ARPAbet phonemes with stress digits for `word` (letters a-z, any case).

        Deterministic: among equally likely readings the one that sorts first wins.

        Raises:
            TextError: `word` has characters other than a-z.
        """
        spelled = word.lower()
        if not re.fullmatch("[a-z]+", spelled):
            raise TextError(f"cannot guess how {word!r} is spoken: letters a-z needed")
        _, begin = self._follow(_ROOT, START)
        beams: list[dict[int, tuple[float, Phones]]] = [{} for _ in range(len(spelled) + 1)]
        beams[0][begin] = (0.0, ())
        for at in range(len(spelled)):
            best = sorted(beams[at].items(), key=lambda entry: (-entry[1][0], entry[1][1]))
            for node, (score, phones) in best[:_BEAM]:
                self._extend(spelled, at, node, score, phones, beams)
        ends = [
            (score + self._follow(node, END)[0], phones)
            for node, (score, phones) in beams[-1].items()
        ]
        return min(ends, key=lambda end: (-end[0], end[1]))[1]

    def _extend(
        self,
        word: str,
        at: int,
        node: int,
        score: float,
        phones: Phones,
        beams: list[dict[int, tuple[float, Phones]]],
    ) -> None:
        """Add every reading of the next one or two letters to the beams after them."""
        for length in range(1, 1 + min(2, len(word) - at)):
            for symbol in self.spellings.get(word[at : at + length], ()):
                gain, reached = self._follow(node, symbol)
                extended = phones + self.phones_of[symbol]
                known = beams[at + length].get(reached)
                if known is None or (score + gain, known[1]) > (known[0], extended):
                    beams[at + length][reached] = (score + gain, extended)

    def _follow(self, node: int, symbol: int) -> tuple[float, int]:
        """Return the log probability of `symbol` after the context `node`, and the new context."""
        penalty = 0.0
        while True:
            key = node * len(self.phones_of) + symbol
            place = bisect_left(self.keys, key)
            if place < len(self.keys) and self.keys[place] == key:
                return penalty + self.score[place + 1], place + 1
            penalty += self.back_off[node]
            node = self.shorter[node]


@cache
def spelling_model() -> SpellingModel:
    """Read the model that ships with the package."""
    return read_spelling_model(
        files("voxgate.text.english").joinpath("data", "spelling.npz").read_bytes()
    )


def read_spelling_model(data: bytes) -> SpellingModel:
    """Read what `voxgate.pretraining.spelling.model` wrote.

    The file holds the trie breadth first: for each node but the root its last symbol (`symbol`)
    and log probability (`score`), for each node its back-off weight and its number of children.
    """
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    listed = json.loads(arrays["graphones"].tobytes())
    graphones: list[Graphone] = [(letters, tuple(phones)) for letters, phones in listed]
    spellings: dict[str, list[int]] = {}
    for symbol, (letters, _) in enumerate(graphones, start=END + 1):
        spellings.setdefault(letters, []).append(symbol)
    symbols = arrays["symbol"].astype(np.int64)
    parents = np.repeat(np.arange(len(arrays["children"])), arrays["children"])
    keys = parents * (len(graphones) + END + 1) + symbols
    return SpellingModel(
        phones_of=[(), (), *(phones for _, phones in graphones)],
        spellings=spellings,
        keys=keys.tolist(),
        score=[0.0, *(arrays["score"] * -LOG_STEP).tolist()],
        back_off=(arrays["back_off"] * -LOG_STEP).tolist(),
        shorter=_suffixes(keys, parents, len(graphones) + END + 1).tolist(),
    )


def _suffixes(keys: Ints, parents: Ints, n_symbols: int) -> Ints:
    """Find for each node the longest proper suffix that is a node, shorter nodes first."""
    suffixes = np.zeros(len(keys) + 1, dtype=np.int64)
    first, last = 1, int(np.searchsorted(parents, _ROOT, side="right")) + 1
    while first < last:  # one turn a length of n-gram
        below = np.searchsorted(parents, [first, last]) + 1
        nodes = np.arange(below[0], below[1])
        contexts = suffixes[parents[nodes - 1]]
        while len(nodes):
            wanted = contexts * n_symbols + keys[nodes - 1] % n_symbols
            places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
            found = keys[places] == wanted
            suffixes[nodes[found]] = places[found] + 1
            nodes, contexts = nodes[~found], suffixes[contexts[~found]]
        first, last = int(below[0]), int(below[1])
    return suffixes
