"""Guess how an unknown English word is spoken: a GRU that spells phonemes from letters.

The weights are those of g2p_en 2.1.0 (Park & Kim, Apache-2.0; see `data/NOTICE`), stored as
float16. The network: an embedding and one GRU layer over the letters; its last state starts a
second GRU that emits one phoneme a step until it emits the end symbol.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from voxgate.errors import TextError

__all__ = ["SpellingNetwork", "spelling_network"]

Array = NDArray[np.float32]

_LETTERS = ("<pad>", "<unk>", "</s>", *"abcdefghijklmnopqrstuvwxyz")
_START, _END = 2, 3
_PHONEMES = (
    "<pad> <unk> <s> </s> AA0 AA1 AA2 AE0 AE1 AE2 AH0 AH1 AH2 AO0 AO1 AO2 AW0 AW1 AW2 AY0 AY1 AY2 "
    "B CH D DH EH0 EH1 EH2 ER0 ER1 ER2 EY0 EY1 EY2 F G HH IH0 IH1 IH2 IY0 IY1 IY2 JH K L M N NG "
    "OW0 OW1 OW2 OY0 OY1 OY2 P R S SH T TH UH0 UH1 UH2 UW UW0 UW1 UW2 V W Y Z ZH"
).split()
"""Rows of the output layer, in the order in which the network was trained."""

_MAX_PHONEMES_PER_LETTER = 2
_MIN_STEPS = 4


@dataclass(frozen=True)
class SpellingNetwork:
    """The network's weights, float32; `E` is 256 features, `H` 256 units."""

    weights: Mapping[str, Array]

    def pronounce(self, word: str) -> tuple[str, ...]:
        """Return ARPAbet phonemes with stress digits for `word` (letters a-z, any case).

        Greedy, hence deterministic. Decoding is bounded by the word's length, because the network
        can loop on strings that are no words.

        Raises:
            TextError: `word` has characters other than a-z.
        """
        spelled = word.lower()
        if not re.fullmatch("[a-z]+", spelled):
            raise TextError(f"cannot guess how {word!r} is spoken: letters a-z needed")
        letters = [_LETTERS.index(letter) for letter in spelled] + [_LETTERS.index("</s>")]
        state = np.zeros(self.weights["enc_w_hh"].shape[1], dtype=np.float32)
        for letter in letters:
            state = self._step("enc", letter, state)
        return self._decode(state, max(_MIN_STEPS, _MAX_PHONEMES_PER_LETTER * len(spelled)))

    def _decode(self, state: Array, max_steps: int) -> tuple[str, ...]:
        phonemes: list[str] = []
        previous = _START
        for _ in range(max_steps):
            state = self._step("dec", previous, state)
            scores = self.weights["fc_w"] @ state + self.weights["fc_b"]
            scores[:_END] = -np.inf  # padding, unknown and start are no answers
            previous = int(scores.argmax())
            if previous == _END:
                break
            phonemes.append(_PHONEMES[previous])
        return tuple("UW1" if phoneme == "UW" else phoneme for phoneme in phonemes)

    def _step(self, part: str, symbol: int, state: Array) -> Array:
        """One step of a GRU with PyTorch's gate order: reset, update, new."""
        w = self.weights
        from_input = w[f"{part}_w_ih"] @ w[f"{part}_emb"][symbol] + w[f"{part}_b_ih"]  # (3H,)
        from_state = w[f"{part}_w_hh"] @ state + w[f"{part}_b_hh"]  # (3H,)
        reset_in, update_in, new_in = np.split(from_input, 3)
        reset_state, update_state, new_state = np.split(from_state, 3)
        reset = _sigmoid(reset_in + reset_state)
        update = _sigmoid(update_in + update_state)
        new = np.tanh(new_in + reset * new_state)
        blended: Array = (1 - update) * new + update * state
        return blended


@cache
def spelling_network() -> SpellingNetwork:
    """Read the network that ships with the package."""
    data = files("voxgate.text").joinpath("data", "g2p.npz").read_bytes()
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        return SpellingNetwork({name: stored[name].astype(np.float32) for name in stored.files})


def _sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)), dtype=np.float32)
