from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.fakes.aligner import FakeAligner
from tests.fakes.speech import buzz
from voxgate.corpus.cutting.words.agreement import compare
from voxgate.params import load_params
from voxgate.params.cut import CutParams
from voxgate.types import Alignment, Wave, WordTiming

TIMES_S = [(0.0, 0.6), (0.8, 1.4), (1.6, 2.2)]


@pytest.fixture(scope="module")
def cut() -> CutParams:
    from pathlib import Path

    return load_params(Path(__file__).resolve().parents[5] / "params.yaml").cut


@pytest.fixture(scope="module")
def wave() -> Wave:
    """Return three words of 0.6 s with pauses of 0.2 s, and 0.5 s of silence at the end."""
    return np.concatenate([buzz([110, 140, 120]), np.zeros(8_000, dtype=np.float32)])


def alignment(
    times_s: list[tuple[float, float]], *, probability: float = 0.5, text: str = "one two three"
) -> Alignment:
    words = [
        WordTiming(word=word, start_s=start, end_s=end, probability=probability)
        for word, (start, end) in zip(text.split(), times_s, strict=True)
    ]
    return Alignment(words=tuple(words), mean_log_probability=-0.7)


def codes(
    wave: Wave, first: Alignment | None, second: Alignment | None, cut: CutParams
) -> list[str]:
    return [why.code for why in compare(wave, first, second, cut).reasons]


def test_equal_alignments_agree_and_say_how_well(wave: Wave, cut: CutParams) -> None:
    found = compare(wave, alignment(TIMES_S), alignment(TIMES_S), cut)

    assert found.reasons == ()
    assert found.measures["aligners_apart_s"] == 0
    assert found.measures["first_probability"] == 0.5


def test_pause_that_one_aligner_counts_as_a_word_is_no_difference(
    wave: Wave, cut: CutParams
) -> None:
    absorbed = [(0.0, 0.8), (0.8, 1.6), (1.6, 2.7)]

    found = compare(wave, alignment(absorbed), alignment(TIMES_S), cut)

    assert found.reasons == ()
    assert found.measures["aligners_apart_s"] < 0.05


def test_word_that_aligners_see_elsewhere_is_doubted_with_figures(
    wave: Wave, cut: CutParams
) -> None:
    late = [(0.0, 0.6), (1.6, 2.0), (2.0, 2.2)]

    (why,) = compare(wave, alignment(late), alignment(TIMES_S), cut).reasons

    assert why.code == "aligners_differ"
    assert str(why) == (
        "aligners_differ: expected edges of words at most 0.55 s of sound apart, got 0.61 s"
    )


def test_silence_between_two_opinions_is_no_difference(cut: CutParams) -> None:
    # The recogniser lets the second word begin 0.1 s before a pause of 0.8 s, the aligner after it.
    sound, pause = buzz([110]), np.zeros(12_800, dtype=np.float32)
    wave = np.concatenate([sound[: 16_000 * 6 // 10], pause, sound[: 16_000 * 6 // 10]])
    early = alignment([(0.0, 0.5), (0.5, 2.0)], text="one two")
    right = alignment([(0.0, 0.6), (1.4, 2.0)], text="one two")

    found = compare(wave, early, right, cut)

    assert found.reasons == ()
    assert found.measures["aligners_apart_s"] == pytest.approx(0.1, abs=0.03)


def test_edges_are_measured_apart_from_the_words_inside(wave: Wave, cut: CutParams) -> None:
    cut_short = [(0.0, 0.6), (0.8, 1.4), (1.6, 1.9)]

    found = compare(wave, alignment(cut_short), alignment(TIMES_S), cut)

    assert found.measures["edges_apart_s"] == pytest.approx(0.3, abs=0.03)


@pytest.mark.parametrize(
    ("first", "second", "who"), [(1e-4, 0.5, "the recogniser"), (0.5, 1e-3, "second aligner")]
)
def test_word_that_one_aligner_finds_unlikely_is_doubted(
    first: float, second: float, who: str, wave: Wave, cut: CutParams
) -> None:
    (why,) = compare(
        wave,
        alignment(TIMES_S, probability=first),
        alignment(TIMES_S, probability=second),
        cut,
    ).reasons

    assert why.code == "aligners_differ"
    assert who in why.expected


def test_text_that_only_the_recogniser_places_is_doubted_unless_that_is_enough(
    wave: Wave, cut: CutParams
) -> None:
    first = alignment(TIMES_S)

    assert codes(wave, first, None, cut) == ["one_aligner"]
    assert compare(wave, first, None, cut, one_is_enough=True).reasons == ()


def test_text_that_the_recogniser_cannot_place_is_doubted(wave: Wave, cut: CutParams) -> None:
    assert codes(wave, None, alignment(TIMES_S), cut) == ["aligners_differ"]


def test_other_number_of_words_is_doubted(wave: Wave, cut: CutParams) -> None:
    two = replace(alignment(TIMES_S), words=alignment(TIMES_S).words[:2])

    (why,) = compare(wave, alignment(TIMES_S), two, cut).reasons

    assert (why.expected, why.arrived) == ("the 3 words of the text", "2 placed")


def test_mark_that_stands_alone_is_not_compared(wave: Wave, cut: CutParams) -> None:
    first = alignment([(0.0, 0.6), (0.6, 1.5), (1.6, 2.2)], text="one - three")
    second = alignment([(0.0, 0.6), (0.6, 0.6), (1.6, 2.2)], text="one - three")

    assert codes(wave, first, second, cut) == []
    marks = alignment([(0.0, 0.6)], text="-")
    assert codes(wave, marks, marks, cut) == ["aligners_differ"]


def test_fake_aligner_disagrees_where_it_was_told(wave: Wave, cut: CutParams) -> None:
    fake = FakeAligner()
    (right,) = fake.align([wave], ["one two three"])
    fake.shifts(wave, 0.7)
    (shifted,) = fake.align([wave], ["one two three"])

    assert codes(wave, right, right, cut) == []
    assert codes(wave, right, shifted, cut) == ["aligners_differ"]
