from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from tests.fakes.evaluation_workspace import noise
from tests.fakes.speech_tokenizer import LoudnessTokenizer
from voxgate.executors import SerialExecutor
from voxgate.features.token_batches import (
    PooledTokenizer,
    Utterances,
    encode_batches,
    encode_utterances,
)
from voxgate.types import Wave


@dataclass(frozen=True)
class Tokenizing:
    sizes: list[int] = field(default_factory=list, compare=False)

    @contextmanager
    def open(self) -> Iterator[Callable[[Utterances], list[NDArray[np.int64]]]]:
        tokenizer = LoudnessTokenizer(prompt_silence_samples=6400)

        def encode(asked: Utterances) -> list[NDArray[np.int64]]:
            self.sizes.append(len(asked.waves))
            return encode_utterances(tokenizer, asked)

        yield partial(encode)


def pooled(work: Tokenizing) -> PooledTokenizer:
    return PooledTokenizer(SerialExecutor(), work, sha256="t" * 64, codes=512)


def test_tokens_are_those_of_the_tokenizer() -> None:
    tokenizer, waves = LoudnessTokenizer(prompt_silence_samples=6400), [noise(0), noise(1, 3.0)]
    for found, expected in zip(
        pooled(Tokenizing()).encode(waves), tokenizer.encode(waves), strict=True
    ):
        assert np.array_equal(found, expected)
    prompt = pooled(Tokenizing()).encode_prompt(waves[0])
    assert np.array_equal(prompt, tokenizer.encode_prompt(waves[0]))
    assert len(prompt) == len(tokenizer.encode([waves[0]])[0]) + 10


def test_batches_are_cut_before_it_is_known_who_takes_them() -> None:
    work = Tokenizing()
    assert len(pooled(work).encode([noise(n, 0.1) for n in range(20)])) == 20
    assert work.sizes == [16, 4]


def test_waves_are_read_as_they_are_needed() -> None:
    read: list[int] = []

    def batches() -> Iterator[list[Wave]]:
        for number in range(5):
            read.append(number)
            yield [noise(number, 0.1)]

    for tokenizer in (LoudnessTokenizer(), pooled(Tokenizing())):
        read.clear()
        answers = encode_batches(tokenizer, batches())
        next(answers)
        assert read == [0]
