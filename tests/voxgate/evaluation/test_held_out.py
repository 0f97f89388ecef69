from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from voxgate.errors import EvaluatorError
from voxgate.evaluation.held_out import WINDOW_S, HeldOutClip, cut_windows, define_speaker
from voxgate.evaluation.speaker_similarity import MIN_CENTROID_CLIPS
from voxgate.types import HEARING_RATE_HZ, Embeddings, Wave

WINDOW = round(WINDOW_S * HEARING_RATE_HZ)


def spoken(seconds: float, seed: int) -> Wave:
    rng = np.random.default_rng(seed)
    return rng.uniform(-0.2, 0.2, round(seconds * HEARING_RATE_HZ)).astype(np.float32)


def embed(waves: Sequence[Wave]) -> Embeddings:
    """Return the speaker's direction with what chance adds: more of it for a short wave."""
    rows = []
    for wave in waves:
        rng = np.random.default_rng(int(abs(wave[:50]).sum() * 1e6))
        row = np.array([1.0, 0, 0, 0]) + rng.standard_normal(4) / len(wave) ** 0.5 * 50
        rows.append(row / np.linalg.norm(row))
    return np.array(rows, dtype=np.float32)


def held_out(count: int, seconds: float = 5.0) -> list[HeldOutClip]:
    return [HeldOutClip(source=f"clip-{n}", wave=spoken(seconds, n)) for n in range(count)]


OTHERS = embed([spoken(4.0, 100 + n) for n in range(12)])


def test_five_clips_are_averaged_whole() -> None:
    found = define_speaker(held_out(5), OTHERS, embed=embed)
    assert found.centroid.windows is None
    assert (found.centroid.clips, len(found.own)) == (5, 5)
    assert found.centroid.as_json().keys() == {"clips", "digest", "vector"}


def test_of_fewer_clips_their_windows_are_averaged() -> None:
    found = define_speaker(held_out(3), OTHERS, embed=embed)
    assert (found.centroid.clips, found.centroid.windows) == (3, 9)
    assert len(found.own) == 3, "whole clips are compared, each with the windows of the others"
    real = found.centroid.real_similarity
    assert real is not None
    assert real.low < real.point < real.high
    assert real.point == pytest.approx(np.mean(found.centroid.similarity(OTHERS)), abs=1e-5)
    assert found.centroid.as_json()["real_similarity"] == real.as_json()


def test_more_held_out_speech_narrows_the_bounds() -> None:
    widths = []
    for seconds in (4.0, 16.0):
        real = define_speaker(held_out(3, seconds), OTHERS, embed=embed).centroid.real_similarity
        assert real is not None
        widths.append(real.high - real.low)
    assert widths[1] < widths[0]


def test_windows_are_another_speaker_than_the_clips_they_are_of() -> None:
    few, more = (define_speaker(held_out(n), OTHERS, embed=embed).centroid for n in (4, 5))
    again = define_speaker(held_out(4), OTHERS, embed=embed).centroid
    assert few.digest == again.digest != more.digest


def test_one_clip_defines_a_speaker_and_is_compared_with_nothing() -> None:
    found = define_speaker(held_out(1, 9.0), OTHERS, embed=embed)
    assert (found.centroid.windows, found.own) == (5, ())


def test_without_other_recordings_nothing_shows_how_sure_it_is() -> None:
    nobody = np.zeros((0, 0), dtype=np.float32)
    assert define_speaker(held_out(3), nobody, embed=embed).centroid.real_similarity is None


@pytest.mark.parametrize(("clips", "windows"), [([], 0), (held_out(2, 3.5), 4)])
def test_too_few_windows_define_nobody(clips: list[HeldOutClip], windows: int) -> None:
    message = f"at least {MIN_CENTROID_CLIPS} held-out clips, .* with {windows} windows"
    with pytest.raises(EvaluatorError, match=message):
        define_speaker(clips, OTHERS, embed=embed)


def test_windows_lie_side_by_side_and_silence_is_none() -> None:
    wave = spoken(5.0, 1)
    wave[WINDOW : 2 * WINDOW] = 0.0
    windows = cut_windows(wave)
    assert [len(window) for window in windows] == [WINDOW, WINDOW]
    assert np.array_equal(windows[1], wave[2 * WINDOW : 3 * WINDOW])
