"""A small network that tells readings apart: g2pM (Park and Lee, 2020, arXiv 2004.03136).

Embedding → bidirectional LSTM → two layers; the arrays are g2pM's own, at half precision, written
by `scripts/text/convert_polyphone_tables.py`. A reading that the character does not have is never
chosen, which the original may do.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from voxgate.files import digest_bytes

__all__ = ["PolyphoneNetwork", "polyphone_network"]

_Floats = NDArray[np.float32]
_LONGEST = 256
"""Longer sentences are read in windows: a reading seldom hangs on what is farther away."""

_MARGIN = 32


@dataclass(frozen=True, kw_only=True)
class PolyphoneNetwork:
    """Implements `PolyphoneModel`. All arrays are float32, gates in the order i, f, g, o."""

    arrays: Mapping[str, _Floats] = field(repr=False)
    place_of: Mapping[str, int] = field(repr=False)
    begin: int
    end: int
    unknown: int
    classes: tuple[str, ...] = field(repr=False)
    candidates: Mapping[str, tuple[int, ...]] = field(repr=False)
    digest: str

    def knows(self, character: str) -> bool:
        """Tell whether the character has several readings here."""
        return character in self.candidates

    def readings(self, character: str) -> tuple[str, ...]:
        """Return the readings that a known character may have."""
        return tuple(self.classes[place] for place in self.candidates[character])

    def read(self, sentence: str, places: Sequence[int]) -> tuple[str, ...]:
        """Return the likeliest reading at each place."""
        if len(sentence) <= _LONGEST:
            return self._read(sentence, places)
        answers: dict[int, str] = {}
        for place in places:
            if place in answers:
                continue
            start = max(0, place - _MARGIN)
            window = sentence[start : start + _LONGEST]
            inside = [p for p in places if place <= p < start + _LONGEST - _MARGIN]
            found = self._read(window, [p - start for p in inside])
            answers.update(zip(inside, found, strict=True))
        return tuple(answers[place] for place in places)

    def _read(self, sentence: str, places: Sequence[int]) -> tuple[str, ...]:
        ids = [self.begin, *(self.place_of.get(c, self.unknown) for c in sentence), self.end]
        embedded = self.arrays["embedding"][ids]  # (T, D)
        states = np.concatenate(
            [
                self._run(embedded, "forward"),
                self._run(embedded[::-1], "backward")[::-1],
            ],
            axis=1,
        )  # (T, 2 H)
        chosen = states[[place + 1 for place in places]]
        hidden = np.maximum(chosen @ self.arrays["hidden"].T + self.arrays["hidden_bias"], 0.0)
        scores = hidden @ self.arrays["output"].T + self.arrays["output_bias"]
        return tuple(
            self.classes[max(self.candidates[sentence[place]], key=row.__getitem__)]
            for place, row in zip(places, scores, strict=True)
        )

    def _run(self, embedded: _Floats, direction: str) -> _Floats:
        """Run one direction of the LSTM; returns (T, H)."""
        inputs = embedded @ self.arrays[f"{direction}_input"].T + self.arrays[f"{direction}_bias"]
        recurrent = np.ascontiguousarray(self.arrays[f"{direction}_state"].T)
        size = recurrent.shape[0]
        state = np.zeros(size, dtype=np.float32)
        memory = np.zeros(size, dtype=np.float32)
        states = np.empty((len(inputs), size), dtype=np.float32)
        for step, gates in enumerate(inputs):
            gates = gates + state @ recurrent  # noqa: PLW2901
            sigmoid = 1.0 / (1.0 + np.exp(-gates))
            memory = sigmoid[size : 2 * size] * memory + sigmoid[:size] * np.tanh(
                gates[2 * size : 3 * size]
            )
            state = sigmoid[3 * size :] * np.tanh(memory)
            states[step] = state
        return states


@cache
def polyphone_network() -> PolyphoneNetwork:
    """Load the arrays that ship with the package."""
    content = files("voxgate.text.chinese").joinpath("data", "polyphones.npz").read_bytes()
    with np.load(io.BytesIO(content), allow_pickle=False) as stored:
        tables = {name: stored[name] for name in stored.files}
    texts = {
        name: tables.pop(name).tobytes().decode()
        for name in ("characters", "classes", "candidates")
    }
    begin, end, unknown = (int(place) for place in tables.pop("places"))
    classes = tuple(texts["classes"].replace("u:", "v").split(" "))
    class_of = {reading: place for place, reading in enumerate(classes)}
    lines = (line.split(" ") for line in texts["candidates"].replace("u:", "v").splitlines())
    return PolyphoneNetwork(
        arrays={name: array.astype(np.float32) for name, array in tables.items()},
        place_of={character: place for place, character in enumerate(texts["characters"])},
        begin=begin,
        end=end,
        unknown=unknown,
        classes=classes,
        candidates={line[0]: tuple(class_of[reading] for reading in line[1:]) for line in lines},
        digest=digest_bytes(content),
    )
