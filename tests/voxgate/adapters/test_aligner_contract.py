"""What every ports.Aligner promises; the fake and the adapter answer to the same tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.fakes.aligner import FakeAligner
from voxgate.errors import EvaluatorError
from voxgate.params import load_params
from voxgate.ports import Aligner
from voxgate.settings import Settings
from voxgate.types import Wave

ROOT = Path(__file__).resolve().parents[3]
SPOKEN = ROOT / "benchmark" / "speakers" / "bf_emma-1.flac"


@pytest.fixture(
    scope="module",
    params=["fake", pytest.param("base", marks=[pytest.mark.assets, pytest.mark.slow])],
)
def aligner(request: pytest.FixtureRequest, asset: Callable[[str], Path]) -> Aligner:
    """Return an implementation."""
    if request.param == "fake":
        return FakeAligner()
    from voxgate.wiring.aligners import build_aligner

    built = build_aligner(
        load_params(ROOT / "params.yaml"),
        Settings(assets_dir=asset("whisper-tiny.en").parent),
        language="en",
        base_dir=ROOT / "base",
    )
    assert built is not None
    return built


@pytest.fixture(scope="module")
def wave() -> Wave:
    spoken: Wave = soundfile.read(SPOKEN, dtype="float32")[0]
    return spoken


def test_words_are_the_text_at_white_space_in_order(aligner: Aligner, wave: Wave) -> None:
    text = "Well, - it cost $5 at 3 p.m."

    (placed,) = aligner.align([wave], [text])

    assert placed is not None
    assert [word.word for word in placed.words] == text.split()
    starts = [word.start_s for word in placed.words]
    assert starts == sorted(starts)
    assert all(0 <= w.start_s <= w.end_s <= len(wave) / 16_000 + 0.04 for w in placed.words)
    assert all(0 <= word.probability <= 1 for word in placed.words)
    assert placed.mean_log_probability <= 0


def test_text_without_a_word_cannot_be_placed(aligner: Aligner, wave: Wave) -> None:
    found = aligner.align([wave, wave], ["...", "two words"])

    assert found[0] is None
    assert found[1] is not None


def test_alignment_does_not_depend_on_its_neighbours(aligner: Aligner, wave: Wave) -> None:
    texts = ["one two", "three"]

    together = aligner.align([wave, wave[8_000:]], texts)

    assert together == [
        aligner.align([w], [t])[0] for w, t in zip((wave, wave[8_000:]), texts, strict=True)
    ]


def test_nothing_to_align_gives_nothing(aligner: Aligner) -> None:
    assert aligner.align([], []) == []


def test_number_of_texts_must_be_that_of_waves(aligner: Aligner, wave: Wave) -> None:
    with pytest.raises(EvaluatorError, match="expected one text a wave, got 1 and 2"):
        aligner.align([wave], ["one", "two"])


def test_wave_that_is_too_long_is_refused(aligner: Aligner) -> None:
    with pytest.raises(EvaluatorError, match=r"wave 0 of 1: 31\.00 s"):
        aligner.align([np.full(31 * 16_000, 0.1, dtype=np.float32)], ["one"])


def test_identity_holds_the_hash_of_the_weights(aligner: Aligner) -> None:
    assert len(aligner.identity.weights_sha256) == 64
    assert aligner.identity.name
