"""Instruments that measure wherever an executor works: the ports, cut into batches and handed over.

What is handed over are waves; the instrument itself is loaded by each worker. A batch is cut here,
before it is known who takes it, so that the answers are the same under every executor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np

from voxgate.batching import batched
from voxgate.executors import Executor, Work, values
from voxgate.types import (
    Alignment,
    Embeddings,
    EvaluatorIdentity,
    PredictedQuality,
    Recognition,
    Transcript,
    Wave,
)

__all__ = [
    "PooledAligner",
    "PooledEncoder",
    "PooledPredictor",
    "PooledRecogniser",
    "Question",
    "answer_question",
]


@dataclass(frozen=True)
class Question:
    """A method or a property of an instrument, and the arguments of the call, in order."""

    name: str
    arguments: tuple[Any, ...] = ()


def answer_question(instrument: Any, question: Question) -> Any:
    """Return what the instrument answers."""
    name, arguments = question.name, question.arguments
    if name == "identity":
        return instrument.identity
    if name == "transcribe":
        waves, *limits = arguments
        return instrument.transcribe(waves, max_tokens=limits[0] if limits else None)
    return getattr(instrument, name)(*arguments)


class _Pooled:
    """An instrument that workers load.

    work: answers questions to the instrument.
    batch_size: waves that are measured together.
    """

    def __init__(self, executor: Executor, work: Work[Question, Any], *, batch_size: int) -> None:
        self._executor = executor
        self._work = work
        self._batch_size = batch_size

    @cached_property
    def identity(self) -> EvaluatorIdentity:
        """Name, weights and options of the instrument, as a worker says that loaded it."""
        (identity,) = self._ask([Question("identity")])
        return identity  # type: ignore[no-any-return]  # what an instrument says of itself

    def _ask(self, questions: Sequence[Question]) -> list[Any]:
        return list(values(self._executor.map_ordered(self._work, questions)))

    def _ask_in_batches(self, name: str, *columns: Sequence[Any]) -> list[Any]:
        """Return one answer a row; each column is an argument, one entry a row."""
        questions = [
            Question(name, tuple(list(column) for column in zip(*rows, strict=True)))
            for rows in batched(zip(*columns, strict=True), self._batch_size)
        ]
        return list(chain.from_iterable(self._ask(questions)))


class PooledRecogniser(_Pooled):
    """Implements ports.Recogniser."""

    def transcribe(
        self, waves: Sequence[Wave], *, max_tokens: Sequence[int] | None = None
    ) -> list[Transcript]:
        """Transcribe 16 kHz waves; one transcript a wave, in order.

        Raises:
            EvaluatorError: a wave cannot be measured.
        """
        if max_tokens is None:
            return self._ask_in_batches("transcribe", waves)
        return self._ask_in_batches("transcribe", waves, max_tokens)

    def recognise(self, waves: Sequence[Wave], texts: Sequence[str | None]) -> list[Recognition]:
        """Transcribe each 16 kHz wave and align it with its text, if it has one.

        Raises:
            EvaluatorError: a wave cannot be measured.
        """
        return self._ask_in_batches("recognise", waves, texts)


class PooledEncoder(_Pooled):
    """Implements ports.SpeakerEncoder."""

    def embed(self, waves: Sequence[Wave]) -> Embeddings:
        """Embed 16 kHz waves; (N, D) float32 with rows of unit length.

        Raises:
            EvaluatorError: a wave cannot be measured.
        """
        rows = self._ask_in_batches("embed", waves)
        return np.stack(rows) if rows else np.zeros((0, 0), dtype=np.float32)


class PooledAligner(_Pooled):
    """Implements ports.Aligner."""

    def align(self, waves: Sequence[Wave], texts: Sequence[str]) -> list[Alignment | None]:
        """Return where each text's words are in its 16 kHz wave; None where it cannot be placed.

        Raises:
            EvaluatorError: a wave cannot be measured.
        """
        return self._ask_in_batches("align", waves, texts)


class PooledPredictor(_Pooled):
    """Implements ports.QualityPredictor."""

    def predict(self, waves: Sequence[Wave]) -> list[PredictedQuality]:
        """Mark 16 kHz waves; one mark a wave, in order.

        Raises:
            EvaluatorError: a wave cannot be measured.
        """
        return self._ask_in_batches("predict", waves)
