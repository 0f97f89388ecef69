"""Speech tokens batch by batch: from a tokenizer here, or from workers that load one each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from voxgate.batching import batched
from voxgate.executors import Executor, Work, values
from voxgate.types import Wave
from voxgate.voice.speech_tokenizer import SpeechTokenizer

__all__ = ["BATCH_CLIPS", "PooledTokenizer", "Utterances", "encode_batches", "encode_utterances"]

BATCH_CLIPS = 16

Tokens = NDArray[np.int64]


@dataclass(frozen=True)
class Utterances:
    """16 kHz waves that a tokenizer hears together; speech continues those that are prompts."""

    waves: tuple[Wave, ...]
    are_prompts: bool = False


@dataclass(frozen=True)
class PooledTokenizer:
    """Implements SpeechTokenizer with those that workers load when there is something to hear.

    work: answers with `encode_utterances`.
    sha256: digest of everything that decides a token.
    codes: number of different tokens.
    """

    executor: Executor
    work: Work[Utterances, list[Tokens]]
    sha256: str
    codes: int

    def encode(self, waves: Sequence[Wave]) -> list[Tokens]:
        """Return the tokens of each 16 kHz wave: (N,) int64 below `codes`, 25 a second.

        Raises:
            WeightsError: the tokenizer or its extractor cannot be loaded.
        """
        return list(chain.from_iterable(self.encode_batches(batched(waves, BATCH_CLIPS))))

    def encode_batches(self, batches: Iterable[Sequence[Wave]]) -> Iterator[list[Tokens]]:
        """Encode batches of 16 kHz waves, in order; no more are read than the workers can take.

        Raises:
            WeightsError: the tokenizer or its extractor cannot be loaded.
        """
        asked = (Utterances(tuple(batch)) for batch in batches)
        return values(self.executor.map_ordered(self.work, asked))

    def encode_prompt(self, wave: Wave) -> Tokens:
        """Return the tokens of a 16 kHz wave that speech continues.

        Raises:
            WeightsError: the tokenizer or its extractor cannot be loaded.
        """
        asked = [Utterances((wave,), are_prompts=True)]
        ((tokens,),) = values(self.executor.map_ordered(self.work, asked))
        return tokens


def encode_utterances(tokenizer: SpeechTokenizer, asked: Utterances) -> list[Tokens]:
    """Return the tokens of each wave, in order."""
    if asked.are_prompts:
        return [tokenizer.encode_prompt(wave) for wave in asked.waves]
    return tokenizer.encode(asked.waves)


def encode_batches(
    tokenizer: SpeechTokenizer, batches: Iterable[Sequence[Wave]]
) -> Iterator[list[Tokens]]:
    """Encode batches of 16 kHz waves, in order, wherever the tokenizer is."""
    if isinstance(tokenizer, PooledTokenizer):
        return tokenizer.encode_batches(batches)
    return map(tokenizer.encode, batches)
