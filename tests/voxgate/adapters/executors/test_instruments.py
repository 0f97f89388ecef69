from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from voxgate.adapters.executors.instruments import (
    PooledAligner,
    PooledEncoder,
    PooledRecogniser,
    Question,
    answer_question,
)
from voxgate.errors import EvaluatorError
from voxgate.executors import SerialExecutor
from voxgate.types import Embeddings, EvaluatorIdentity, Wave

IDENTITY = EvaluatorIdentity(name="echo", weights_sha256="0" * 64, options={})


class _Echo:
    """Answers with the sizes of the batches that it was given."""

    identity = IDENTITY

    def recognise(self, waves: list[Wave], texts: list[str | None]) -> list[Any]:
        return [(len(waves), text) for text in texts]

    def transcribe(self, waves: list[Wave], *, max_tokens: list[int] | None = None) -> list[Any]:
        return [(len(waves), max_tokens)] * len(waves)

    def align(self, waves: list[Wave], texts: list[str]) -> list[Any]:
        return [(len(waves), text) if text else None for text in texts]

    def embed(self, waves: list[Wave]) -> Embeddings:
        if not all(len(wave) for wave in waves):
            raise EvaluatorError("an empty wave")
        return np.array([[float(wave[0])] for wave in waves], dtype=np.float32)


@dataclass(frozen=True)
class _Work:
    @contextmanager
    def open(self) -> Iterator[Callable[[Question], Any]]:
        yield lambda question: answer_question(_Echo(), question)


WAVES = [np.full(4, n, dtype=np.float32) for n in range(5)]


def test_waves_are_measured_in_batches_with_their_arguments() -> None:
    recogniser = PooledRecogniser(SerialExecutor(), _Work(), batch_size=2)
    assert recogniser.recognise(WAVES, ["a", None, "c", "d", "e"]) == [
        (2, "a"), (2, None), (2, "c"), (2, "d"), (1, "e"),
    ]  # fmt: skip
    assert recogniser.transcribe(WAVES[:3]) == [(2, None), (2, None), (1, None)]
    assert recogniser.transcribe(WAVES[:3], max_tokens=[7, 8, 9])[1:] == [(2, [7, 8]), (1, [9])]


def test_texts_are_placed_in_batches_and_one_that_cannot_be_stays_so() -> None:
    aligner = PooledAligner(SerialExecutor(), _Work(), batch_size=2)
    assert aligner.align(WAVES[:3], ["a", "", "c"]) == [(2, "a"), None, (1, "c")]


def test_the_identity_is_the_instruments_own() -> None:
    assert PooledRecogniser(SerialExecutor(), _Work(), batch_size=2).identity == IDENTITY


def test_vectors_come_as_rows() -> None:
    encoder = PooledEncoder(SerialExecutor(), _Work(), batch_size=1)
    assert encoder.embed(WAVES).tolist() == [[0.0], [1.0], [2.0], [3.0], [4.0]]
    assert encoder.embed([]).shape == (0, 0)


def test_an_instruments_error_is_raised() -> None:
    encoder = PooledEncoder(SerialExecutor(), _Work(), batch_size=1)
    with pytest.raises(EvaluatorError, match="an empty wave"):
        encoder.embed([WAVES[0], np.zeros(0, dtype=np.float32)])


def test_columns_of_different_lengths_are_a_fault() -> None:
    with pytest.raises(ValueError, match="zip"):
        PooledRecogniser(SerialExecutor(), _Work(), batch_size=2).recognise(WAVES, ["a"])
