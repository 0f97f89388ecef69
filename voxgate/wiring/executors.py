"""Build the instruments of params.yaml where an executor works."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voxgate.adapters.executors.instruments import (
    PooledAligner,
    PooledEncoder,
    PooledPredictor,
    PooledRecogniser,
    Question,
    answer_question,
)
from voxgate.executors import Executor
from voxgate.features.one_thread import one_thread
from voxgate.params import EvaluateParams, Params
from voxgate.params.evaluate import Precision
from voxgate.ports import Aligner, QualityPredictor, Recogniser, SpeakerEncoder
from voxgate.settings import load_settings
from voxgate.wiring import aligners, evaluators

__all__ = ["pooled_aligner", "pooled_encoder", "pooled_predictor", "pooled_recogniser"]


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


@dataclass(frozen=True, kw_only=True)
class _Aligning:
    """An aligner, as `build_aligner` is told; each file is held against its digest."""

    params: Params
    language: str
    base_dir: Path
    lexicons: tuple[tuple[str, Path], ...]

    @contextmanager
    def open(self) -> Iterator[Callable[[Question], Any]]:
        aligner = aligners.build_aligner(
            self.params,
            load_settings(),
            language=self.language,
            base_dir=self.base_dir,
            lexicons=dict(self.lexicons),
        )

        def answer(question: Question) -> Any:
            with one_thread():
                return answer_question(aligner, question)

        yield answer


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


def pooled_aligner(
    executor: Executor,
    params: Params,
    *,
    language: str,
    base_dir: Path,
    lexicons: Mapping[str, Path],
    batch_size: int,
) -> Aligner | None:
    """Return `build_aligner`'s aligner, loaded by the executor's workers, or None like it.

    Raises:
        WeightsError: the base voice is absent.
    """
    if not aligners.can_align(params, language=language, base_dir=base_dir):
        return None
    work = _Aligning(
        params=params,
        language=language,
        base_dir=base_dir,
        lexicons=tuple(sorted(lexicons.items())),
    )
    return PooledAligner(executor, work, batch_size=batch_size)
