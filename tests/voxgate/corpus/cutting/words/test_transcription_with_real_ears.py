"""A real recogniser on real sentences with known pauses: words, edges, doubts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.fakes.cutting import cut_params
from tests.fakes.spoken_prompts import spoken_prompts
from voxgate.content_cache import ContentCache
from voxgate.corpus.cutting.sound.levels import measure_levels
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.words.transcription import (
    HearingRoom,
    JudgedUtterance,
    transcribe_speech,
)
from voxgate.params import load_params
from voxgate.settings import Settings
from voxgate.types import HEARING_RATE_HZ
from voxgate.wiring.evaluators import build_recogniser, text_normaliser

pytestmark = [pytest.mark.slow, pytest.mark.assets]

PAUSES_S = (0.8, 1.2, 1.6, 1.1)
"""Above `cut.max_pause_s` between sentences, so that each is an utterance."""
HISS = 0.0005
LATE = 2400
"""Samples by which a detector of speech is late: the edges must not be its own."""


@pytest.fixture(scope="module")
def told() -> tuple[list[str], list[Span], np.ndarray]:
    """Return texts, where they are said, and one recording of all of them."""
    clips = spoken_prompts(speakers=2, each=2)
    generator = np.random.default_rng(0)
    parts, spans, at = [], [], 0
    for pause_s, clip in zip(PAUSES_S, clips, strict=True):
        pause = np.zeros(round(pause_s * HEARING_RATE_HZ), np.float32)
        alone = measure_levels(
            lambda span, wave=clip.wave: wave[span.start : span.end], len(clip.wave)
        )
        sound = alone.sound_in(Span(0, len(clip.wave) // 160 * 160))
        at += len(pause)
        spans.append(Span(at + sound.start, at + sound.end))
        parts += [pause, clip.wave]
        at += len(clip.wave)
    wave = np.concatenate([*parts, np.zeros(HEARING_RATE_HZ, np.float32)])
    wave = wave + HISS * generator.standard_normal(len(wave))
    return [clip.text for clip in clips], spans, wave.astype(np.float32)


@pytest.fixture(scope="module")
def judged(told, assets_dir: Path, tmp_path_factory) -> list[JudgedUtterance]:
    _, spans, wave = told
    params = load_params(Path(__file__).parents[5] / "params.yaml")

    def read(span: Span) -> np.ndarray:
        return wave[span.start : span.end]

    room = HearingRoom(
        read=read,
        n_samples=len(wave),
        levels=measure_levels(read, len(wave)),
        language="en",
        recogniser=build_recogniser(
            params.evaluate,
            Settings(assets_dir=assets_dir),
            name=params.cut.recogniser,
            windows_s=params.cut.recogniser_windows_s,
            window_margin_s=params.cut.recogniser_margin_s,
        ),
        cache=ContentCache(tmp_path_factory.mktemp("heard"), "heard"),
        normalise=text_normaliser("en"),
    )
    speech = [Span(span.start + LATE, span.end + LATE) for span in spans]
    return transcribe_speech(room, speech, cut_params())


def test_each_sentence_is_heard_in_its_place(told, judged):
    texts, spans, _ = told
    normalise = text_normaliser("en")
    for text, span in zip(texts, spans, strict=True):
        (one,) = [each for each in judged if each.utterance.span.overlap(span)]
        assert normalise(one.utterance.text) == normalise(text)
        assert not one.reasons


def test_words_begin_and_end_where_the_sentence_does(told, judged):
    _, spans, _ = told
    starts = [each.utterance.words[0].start_s for each in judged]
    ends = [each.utterance.words[-1].end_s for each in judged]
    for span in spans:
        assert min(abs(start - span.start_s) for start in starts) < 0.05
        assert min(abs(end - span.end_s) for end in ends) < 0.05
