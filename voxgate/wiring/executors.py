"""Build the instruments of params.yaml where an executor works."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from voxgate.adapters.executors.instruments import (
    PooledEncoder,
    PooledPredictor,
    PooledRecogniser,
    Question,
    answer_question,
)
from voxgate.executors import Executor
from voxgate.params import EvaluateParams
from voxgate.params.evaluate import Precision
from voxgate.ports import QualityPredictor, Recogniser, SpeakerEncoder
from voxgate.settings import load_settings
from voxgate.wiring import evaluators

__all__ = ["pooled_encoder", "pooled_predictor", "pooled_recogniser"]


@dataclass(frozen=True, kw_only=True)
class _Recognising:
    """A recogniser, as `build_recogniser` is told; the worker's own settings say where it lies."""

    params: EvaluateParams
    name: str | None
    windows_s: tuple[int, ...] | None
    window_margin_s: float | None
    precision: Precision | None
    language: str

    @contextmanager
    def open(self) -> Iterator[Callable[[Question], Any]]:
        recogniser = evaluators.build_recogniser(
            self.params,
            load_settings(),
            name=self.name,
            windows_s=self.windows_s,
            window_margin_s=self.window_margin_s,
            precision=self.precision,
            language=self.language,
        )
        yield lambda question: answer_question(recogniser, question)


@dataclass(frozen=True)
class _Embedding:
    params: EvaluateParams

    @contextmanager
    def open(self) -> Iterator[Callable[[Question], Any]]:
        encoder = evaluators.build_speaker_encoder(self.params, load_settings())
        yield lambda question: answer_question(encoder, question)


@dataclass(frozen=True)
class _Predicting:
    params: EvaluateParams

    @contextmanager
    def open(self) -> Iterator[Callable[[Question], Any]]:
        predictor = evaluators.build_quality_predictor(self.params)
        yield lambda question: answer_question(predictor, question)


def pooled_recogniser(
    executor: Executor,
    params: EvaluateParams,
    *,
    name: str | None = None,
    windows_s: Sequence[int] | None = None,
    window_margin_s: float | None = None,
    precision: Precision | None = None,
    language: str = "en",
    batch_size: int | None = None,
) -> Recogniser:
    """Return `build_recogniser`'s recogniser, loaded by the executor's workers.

    `batch_size` waves are heard together, `params.batch_size` by default.
    """
    work = _Recognising(
        params=params,
        name=name,
        windows_s=None if windows_s is None else tuple(windows_s),
        window_margin_s=window_margin_s,
        precision=precision,
        language=language,
    )
    return PooledRecogniser(executor, work, batch_size=batch_size or params.batch_size)


def pooled_encoder(
    executor: Executor, params: EvaluateParams, *, batch_size: int
) -> SpeakerEncoder:
    """Return `build_speaker_encoder`'s encoder, loaded by the executor's workers."""
    return PooledEncoder(executor, _Embedding(params), batch_size=batch_size)


def pooled_predictor(executor: Executor, params: EvaluateParams) -> QualityPredictor:
    """Return `build_quality_predictor`'s predictor, loaded by the executor's workers."""
    return PooledPredictor(executor, _Predicting(params), batch_size=params.batch_size)
