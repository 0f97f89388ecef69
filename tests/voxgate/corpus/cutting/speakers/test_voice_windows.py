from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.pitch_encoder import PitchEncoder
from tests.fakes.speech import buzz
from voxgate.content_cache import ContentCache
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.speakers.voice_windows import (
    WindowEmbeddings,
    embed_windows,
    window_spans,
)
from voxgate.params import load_params
from voxgate.params.cut import CutParams


@pytest.fixture(scope="module")
def cut() -> CutParams:
    return load_params(Path(__file__).resolve().parents[5] / "params.yaml").cut


def test_windows_cover_speech_and_end_with_it(cut: CutParams) -> None:
    windows = window_spans([Span.of_seconds(1.0, 4.0)], cut)

    whole = [window for window in windows if window.duration_s == pytest.approx(1.6)]
    half = [window for window in windows if window.duration_s == pytest.approx(0.8)]
    assert len(whole) + len(half) == len(windows)
    for kind in (whole, half):
        assert (kind[0].start_s, kind[-1].end_s) == (1.0, 4.0)
        assert all(b.start - a.start <= 0.4 * 16_000 for a, b in pairwise(kind))


def test_no_window_reaches_over_a_pause(cut: CutParams) -> None:
    speech = [Span.of_seconds(0, 1), Span.of_seconds(1.2, 1.9)]

    windows = window_spans(speech, cut)

    assert all(any(s.overlap(w) == w.n_samples for s in speech) for w in windows)


def test_speech_of_a_syllable_has_no_window(cut: CutParams) -> None:
    assert window_spans([Span.of_seconds(0, 0.3)], cut) == []


def test_rows_are_those_of_the_windows_and_silence_has_none(cut: CutParams, tmp_path: Path) -> None:
    wave = np.concatenate([buzz([110], word_s=2.0), np.zeros(32_000, dtype=np.float32)])
    speech = [Span(0, 32_000), Span(32_000, 64_000)]

    found = embed_windows(
        lambda span: wave[span.start : span.end],
        speech,
        encoder=PitchEncoder(),
        cache=ContentCache(tmp_path, "voices"),
        params=cut,
    )

    assert found.windows == tuple(window_spans(speech[:1], cut))
    assert len(found) == len(found.vectors)
    np.testing.assert_allclose(np.linalg.norm(found.vectors, axis=1), 1, atol=1e-5)


def test_same_audio_is_embedded_once(cut: CutParams, tmp_path: Path) -> None:
    wave = buzz([110], word_s=60.0)
    encoder = PitchEncoder()

    rows = [
        embed_windows(
            lambda span: wave[span.start : span.end],
            [Span(0, len(wave))],
            encoder=encoder,
            cache=ContentCache(tmp_path, "voices"),
            params=cut,
        ).vectors
        for _ in range(2)
    ]

    assert sum(encoder.calls) == len(rows[0])
    np.testing.assert_array_equal(*rows)


def test_window_is_inside_a_span_that_holds_more_than_half_of_it() -> None:
    windows = (Span(0, 1600), Span(800, 2400), Span(1600, 3200))
    found = WindowEmbeddings(windows=windows, vectors=np.zeros((3, 2), dtype=np.float32))

    assert list(found.inside(Span(1440, 4000))) == [1, 2]
