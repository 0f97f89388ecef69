"""A tokenizer and a text front end that count what they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from voxgate.errors import TextError
from voxgate.features.readings import Reading
from voxgate.types import Wave


@dataclass
class LoudnessTokenizer:
    """The token of a frame of 40 ms is how loud it is."""

    sha256: str = "t" * 64
    codes: int = 512
    prompt_silence_samples: int = 0
    encoded: int = field(default=0, init=False)

    def encode(self, waves: Sequence[Wave]) -> list[NDArray[np.int64]]:
        self.encoded += len(waves)
        return [self._tokens(wave) for wave in waves]

    def encode_prompt(self, wave: Wave) -> NDArray[np.int64]:
        return self._tokens(np.pad(wave, (0, self.prompt_silence_samples)))

    def _tokens(self, wave: Wave) -> NDArray[np.int64]:
        frames = wave[: len(wave) // 640 * 640].reshape(-1, 640)
        return np.minimum(np.abs(frames).mean(axis=1) * 5000, self.codes - 1).astype(np.int64)


@dataclass
class LetterPhonemiser:
    """Every letter is a phone; a text without letters cannot be spoken."""

    digest: str = "p" * 64
    read_texts: list[str] = field(default_factory=list, init=False)

    def read(self, text: str, *, language: str) -> Reading:
        self.read_texts.append(text)
        letters = [letter for letter in text.lower() if letter.isalpha()]
        if not letters:
            raise TextError(f"nothing to speak in {text!r}; need at least one word or number")
        guessed = tuple(word for word in text.split() if word.startswith("X"))
        return Reading(phones=tuple(ord(letter) % 100 for letter in letters), guessed_words=guessed)
