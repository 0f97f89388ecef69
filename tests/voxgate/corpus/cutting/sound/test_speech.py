"""From probabilities to spans of speech."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxgate.corpus.cutting.sound.speech import find_speech
from voxgate.corpus.cutting.spans import Span, gaps
from voxgate.params import load_params
from voxgate.params.cut import CutParams

PARAMS = load_params(Path("params.yaml")).cut
FRAME = 512


def spans_of(
    probabilities: list[float], *, n_samples: int | None = None, params: CutParams = PARAMS
) -> list[Span]:
    total = len(probabilities) * FRAME if n_samples is None else n_samples
    found = np.array(probabilities, dtype=np.float32)
    return find_speech(found, frame_samples=FRAME, n_samples=total, params=params)


def test_a_run_of_speech_is_a_span_outwards_to_the_grid() -> None:
    (span,) = spans_of([0.1] * 10 + [0.9] * 20 + [0.1] * 10)
    assert span == Span(10 * FRAME // 160 * 160, -(-30 * FRAME // 160) * 160)


def test_a_voice_that_trails_off_is_still_speech() -> None:
    (span,) = spans_of([0.1] * 5 + [0.9] * 10 + [0.4] * 10 + [0.1] * 10)
    assert span.end >= 25 * FRAME
    assert spans_of([0.4] * 30) == []


def test_a_short_pause_is_part_of_speech_and_a_long_one_is_not() -> None:
    voice = [0.9] * 20
    assert len(spans_of(voice + [0.1] * 6 + voice)) == 1  # 0.19 s
    assert len(spans_of(voice + [0.1] * 7 + voice)) == 2  # 0.22 s


def test_what_is_too_short_is_no_speech() -> None:
    quiet = [0.1] * 20
    assert spans_of(quiet + [0.9] * 7 + quiet) == []  # 0.22 s
    assert len(spans_of(quiet + [0.9] * 8 + quiet)) == 1
    pieces = [0.9] * 5 + [0.1] * 3
    assert len(spans_of(quiet + pieces * 3 + quiet)) == 1  # together they are long enough


def test_speech_to_the_end_ends_with_the_recording() -> None:
    (span,) = spans_of([0.9] * 20, n_samples=20 * FRAME - 300)
    assert span == Span(0, 20 * FRAME - 300)


def test_nothing_is_in_nothing() -> None:
    assert spans_of([]) == []


@pytest.mark.parametrize("threshold", [0.05, 0.5, 0.95])
@settings(deadline=None)
@given(levels=st.lists(st.floats(0, 1, width=32), max_size=200), less=st.integers(0, FRAME - 1))
def test_spans_are_in_order_apart_and_inside(
    threshold: float, levels: list[float], less: int
) -> None:
    total = max(0, len(levels) * FRAME - less)
    params = PARAMS.model_copy(update={"min_speech_probability": threshold})
    found = spans_of(levels, n_samples=total, params=params)
    if total:
        gaps(found, total)  # raises where they are not
    assert all(s.start % 160 == 0 and (s.end % 160 == 0 or s.end == total) for s in found)
    assert all(b.start > a.end for a, b in pairwise(found))
