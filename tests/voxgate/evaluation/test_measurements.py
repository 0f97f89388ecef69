from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.evaluation_work import Asking
from tests.fakes.evaluation_workspace import noise
from tests.fakes.recogniser import FakeRecogniser
from voxgate.adapters.executors.instruments import PooledRecogniser
from voxgate.content_cache import ContentCache
from voxgate.evaluation.measurements import Unmeasured
from voxgate.evaluation.transcription import transcribe_waves
from voxgate.executors import SerialExecutor
from voxgate.ports import Transcriber
from voxgate.types import Transcript, Wave


@pytest.fixture
def cache(tmp_path: Path) -> ContentCache:
    return ContentCache(tmp_path, "test")


def heard(
    recogniser: Transcriber, waves: list[Wave], cache: ContentCache, *, batches: int = 1
) -> list[Transcript | Unmeasured]:
    return transcribe_waves(
        recogniser,
        waves,
        max_tokens=[50] * len(waves),
        batch_size=2,
        batches=batches,
        cache=cache,
    )


def test_answers_keep_the_order_of_the_waves(cache: ContentCache) -> None:
    waves = [noise(n, 3 - 0.5 * n) for n in range(5)]
    recogniser = FakeRecogniser()
    for number, wave in enumerate(waves):
        recogniser.hears(wave, f"number {number}")
    answers = heard(recogniser, waves, cache)
    assert [a.text for a in answers if isinstance(a, Transcript)] == [
        f"number {n}" for n in range(5)
    ]
    assert recogniser.calls == [2, 2, 1]


def test_one_failing_wave_spoils_no_other(cache: ContentCache) -> None:
    waves = [noise(n) for n in range(4)]
    recogniser = FakeRecogniser(default_text="fine")
    recogniser.fails_on(waves[2])
    answers = heard(recogniser, waves, cache)
    assert [isinstance(answer, Unmeasured) for answer in answers] == [False, False, True, False]
    assert "EvaluatorError" in answers[2].fault  # type: ignore[union-attr]


def test_only_successes_are_kept(cache: ContentCache) -> None:
    waves = [noise(n) for n in range(2)]
    recogniser = FakeRecogniser(default_text="fine")
    recogniser.fails_on(waves[0])
    heard(recogniser, waves, cache)
    recogniser.failing.clear()
    recogniser.calls.clear()
    assert not any(isinstance(answer, Unmeasured) for answer in heard(recogniser, waves, cache))
    assert recogniser.calls == [1]


class ShortAnswers(FakeRecogniser):
    def transcribe(self, waves, *, max_tokens=None):  # type: ignore[no-untyped-def]
        return super().transcribe(waves, max_tokens=max_tokens)[1:]


class NanConfidence(FakeRecogniser):
    def transcribe(self, waves, *, max_tokens=None):  # type: ignore[no-untyped-def]
        self.default_text = "x"
        for wave in waves:
            self.hears(wave, "x", mean_log_probability=float("nan"))
        return super().transcribe(waves, max_tokens=max_tokens)


@pytest.mark.parametrize(
    ("recogniser", "fault"),
    [(ShortAnswers(), "asked for 1 answers, got 0"), (NanConfidence(), "NaN or infinity")],
)
def test_an_incomplete_answer_is_no_answer(
    recogniser: FakeRecogniser, fault: str, cache: ContentCache
) -> None:
    answers = heard(recogniser, [noise(0), noise(1)], cache)
    assert all(fault in answer.fault for answer in answers)  # type: ignore[union-attr]


def test_batches_are_handed_over_together_so_that_all_workers_have_one(cache: ContentCache) -> None:
    recogniser = FakeRecogniser(default_text="fine")
    heard(recogniser, [noise(n) for n in range(9)], cache, batches=3)
    assert recogniser.calls == [6, 3]


def test_of_a_group_that_fails_only_the_failing_batch_is_measured_one_by_one(
    cache: ContentCache,
) -> None:
    waves = [noise(n) for n in range(6)]
    recogniser = FakeRecogniser(default_text="fine")
    recogniser.fails_on(waves[2])
    answers = heard(recogniser, waves, cache, batches=3)
    assert [isinstance(answer, Unmeasured) for answer in answers] == [
        False, False, True, False, False, False,
    ]  # fmt: skip
    assert recogniser.calls == [6, 2, 2, 1, 1, 2]


@pytest.mark.parametrize("bad", [None, 3])
def test_batches_are_the_same_for_any_number_of_workers(tmp_path: Path, bad: int | None) -> None:
    waves = [noise(n, 1.0 + 0.1 * (n * 7 % 5)) for n in range(11)]
    calls, found = [], []
    for batches in (1, 4, 8):
        recogniser = FakeRecogniser(default_text="fine")
        if bad is not None:
            recogniser.fails_on(waves[bad])
        pooled = PooledRecogniser(SerialExecutor(), Asking(recogniser), batch_size=2)
        found.append(heard(pooled, waves, ContentCache(tmp_path, f"{batches}"), batches=batches))
        calls.append(recogniser.calls)
    assert found[0] == found[1] == found[2]
    if bad is None:
        assert calls == [[2, 2, 2, 2, 2, 1]] * 3
