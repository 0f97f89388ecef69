from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.fakes.pitch_encoder import PitchEncoder
from tests.fakes.speech import buzz
from voxgate.content_cache import ContentCache
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.speakers.voice_windows import WindowEmbeddings
from voxgate.corpus.cutting.speakers.voices import enrol_voice, find_speaker
from voxgate.errors import EvaluatorError
from voxgate.params import load_params
from voxgate.params.cut import CutParams
from voxgate.types import Wave

WIDTH = 64


@pytest.fixture(scope="module")
def cut() -> CutParams:
    return load_params(Path(__file__).resolve().parents[5] / "params.yaml").cut


def person(number: int) -> np.ndarray:
    """Return a direction; two people are .6 alike."""
    vector = np.zeros(WIDTH)
    vector[0], vector[1 + number] = np.sqrt(0.6), np.sqrt(0.4)
    return vector


def heard(counts: dict[int, int], *, spread: float = 0.5, seed: int = 0) -> WindowEmbeddings:
    """Return so many windows of each person, each .89 like them."""
    generator = np.random.default_rng(seed)
    rows = []
    for number, count in counts.items():
        noise = generator.standard_normal((count, WIDTH))
        noise /= np.linalg.norm(noise, axis=1, keepdims=True)
        rows.append(person(number) + spread * noise)
    stacked = np.concatenate(rows)
    stacked /= np.linalg.norm(stacked, axis=1, keepdims=True)
    windows = tuple(Span(n * 6400, n * 6400 + 25_600) for n in range(len(stacked)))
    return WindowEmbeddings(windows=windows, vectors=stacked.astype(np.float32))


def test_one_voice_is_one_voice(cut: CutParams) -> None:
    found = find_speaker(heard({0: 80}), None, cut)

    assert len(found.others) == 0
    assert found.share == 1.0
    assert found.speaker @ person(0) > 0.97


@pytest.mark.parametrize("counts", [{0: 70, 1: 30}, {1: 30, 0: 70}, {0: 50, 1: 30, 2: 20}])
def test_who_speaks_most_is_the_speaker_where_nobody_is_enrolled(
    counts: dict[int, int], cut: CutParams
) -> None:
    found = find_speaker(heard(counts), None, cut)

    assert found.speaker @ person(0) > 0.97
    assert len(found.others) == len(counts) - 1
    assert found.share == pytest.approx(counts[0] / 100, abs=0.02)


def test_enrolled_voice_is_found_though_another_speaks_most(cut: CutParams) -> None:
    found = find_speaker(heard({0: 70, 1: 30}), person(1), cut)

    assert found.speaker @ person(1) > 0.97
    assert found.share == pytest.approx(0.3, abs=0.02)
    assert found.likeness > 0.95


def test_nobody_is_the_speaker_where_the_enrolled_voice_is_not_heard(cut: CutParams) -> None:
    embeddings = heard({0: 70, 1: 30})

    found = find_speaker(embeddings, person(5), cut)

    assert found.share == 0.0
    assert len(found.others) == 2
    assert (found.margins(embeddings, cut) < 0).all()


def test_margin_is_the_lead_over_the_nearest_other(cut: CutParams) -> None:
    embeddings = heard({0: 70, 1: 30})

    margins = find_speaker(embeddings, None, cut).margins(embeddings, cut)

    assert (margins[:70] > 0).all()
    assert (margins[70:] < 0).all()


def test_few_windows_that_are_like_nobody_are_no_voice(cut: CutParams) -> None:
    embeddings = heard({0: 70, 1: 3})

    found = find_speaker(embeddings, None, cut)

    assert len(found.others) == 0
    assert (found.margins(embeddings, cut)[70:] < 0).all()


def test_long_recording_is_judged_from_all_over_it(cut: CutParams) -> None:
    found = find_speaker(heard({1: 1500, 0: 4000}), None, cut)

    assert found.speaker @ person(0) > 0.97
    assert found.share == pytest.approx(4000 / 5500, abs=0.01)


def test_without_a_window_only_an_enrolled_voice_is_somebody(cut: CutParams) -> None:
    empty = WindowEmbeddings(windows=(), vectors=np.zeros((0, 1), dtype=np.float32))

    assert find_speaker(empty, person(0), cut).share == 0.0
    with pytest.raises(EvaluatorError, match="no speech is long enough"):
        find_speaker(empty, None, cut)


def test_enrolled_voice_is_that_of_all_recordings(cut: CutParams, tmp_path: Path) -> None:
    cache = ContentCache(tmp_path, "voices")
    encoder = PitchEncoder(blur=0.0)
    waves = [buzz([110], word_s=2.0), buzz([110], word_s=0.9)]

    voice = enrol_voice(waves, encoder=encoder, cache=cache, params=cut)

    assert voice @ encoder.embed(waves[:1])[0] == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("wave", [np.zeros(32_000, np.float32), np.zeros(0, np.float32)])
def test_nobody_is_enrolled_by_silence(wave: Wave, cut: CutParams, tmp_path: Path) -> None:
    with pytest.raises(EvaluatorError, match="none of 1 recordings of the speaker is long"):
        enrol_voice(
            [wave], encoder=PitchEncoder(), cache=ContentCache(tmp_path, "voices"), params=cut
        )
