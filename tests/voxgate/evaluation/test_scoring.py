from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.evaluation_workspace import noise
from tests.fakes.normaliser import LOWER
from tests.fakes.quality_predictor import FakeQualityPredictor
from tests.fakes.recogniser import FakeRecogniser
from tests.fakes.speaker_encoder import FakeSpeakerEncoder
from voxgate.evaluation.benchmark import Prompt
from voxgate.evaluation.evidence import ItemScore
from voxgate.evaluation.measurements import open_caches
from voxgate.evaluation.plan import plan_items
from voxgate.evaluation.protocol import Instruments, ScoringRules
from voxgate.evaluation.scoring import Scorer
from voxgate.evaluation.sound.catalogue import MEASURES
from voxgate.evaluation.sound.measuring import SILENT_SOUND
from voxgate.evaluation.speaker_similarity import build_centroid
from voxgate.types import Wave
from voxgate.voice.replay import ReplayVoice

TEXT = "The line is open"
PROMPT = Prompt(
    id="p", split="gate", prompt_class="plain", text=TEXT, normalised=TEXT, words=4,
    critical=("open",),
)  # fmt: skip
RULES = ScoringRules(
    language="en",
    max_audio_ratio=3.0,
    max_tokens_per_second=12.0,
    catastrophe_wer=0.5,
    min_duration_ratio=0.5,
    max_duration_ratio=2.0,
    wrong_language_probability=0.5,
)


@pytest.fixture
def score(tmp_path: Path) -> Callable[..., ItemScore]:
    def run(wave: Wave, recogniser: FakeRecogniser) -> ItemScore:
        encoder = FakeSpeakerEncoder()
        scorer = Scorer(
            instruments=Instruments(
                transcriber=recogniser,
                encoder=encoder,
                normaliser=LOWER,
                published=LOWER,
                quality=FakeQualityPredictor(),
                batch_size=4,
            ),
            rules=RULES,
            centroid=build_centroid(encoder.embed([noise(n) for n in range(5)]), list("abcde")),
            expected_s={"p": 2.5},
            caches=open_caches(tmp_path, voice_code="v", instrument_code="i"),
        )
        items = plan_items([PROMPT], seeds=1)
        return scorer.score_voice(ReplayVoice({TEXT: wave}), items, model_digest="m")[0].score

    return run


def test_the_right_words_are_no_errors(score: Callable[..., ItemScore]) -> None:
    wave = noise(50)
    recogniser = FakeRecogniser()
    recogniser.hears(wave, "THE line IS open")
    row = score(wave, recogniser)
    assert (row.word_errors, row.ref_words, row.catastrophes) == (0, 4, ())
    assert row.duration_ratio == 1.0


@pytest.mark.parametrize(
    ("text", "errors", "codes"), [("the line", 2, ()), ("line", 3, ("high_wer",))]
)
def test_errors_at_the_bound_are_no_catastrophe_and_above_it_are(
    score: Callable[..., ItemScore], text: str, errors: int, codes: tuple[str, ...]
) -> None:
    wave = noise(60)
    recogniser = FakeRecogniser()
    recogniser.hears(wave, text)
    row = score(wave, recogniser)
    assert (row.word_errors, row.catastrophes) == (errors, codes)


def test_an_endless_transcript_counts_as_wholly_wrong_once(
    score: Callable[..., ItemScore],
) -> None:
    wave = noise(70)
    recogniser = FakeRecogniser()
    recogniser.hears(wave, "again and " * 100)
    row = score(wave, recogniser)
    assert "endless_transcript" in row.catastrophes
    assert row.word_errors == row.ref_words == 4
    assert row.char_errors == row.ref_chars


@pytest.mark.parametrize(("probability", "wrong"), [(0.9, True), (0.4, False)])
def test_another_language_is_a_catastrophe_when_it_is_likely(
    score: Callable[..., ItemScore], probability: float, wrong: bool
) -> None:
    wave = noise(80)
    recogniser = FakeRecogniser()
    recogniser.hears(wave, TEXT, language="de", language_probability=probability)
    assert ("wrong_language" in score(wave, recogniser).catastrophes) is wrong


def test_silence_is_measured_as_nobody_and_nothing_said(score: Callable[..., ItemScore]) -> None:
    recogniser = FakeRecogniser(default_text="thank you for watching")
    row = score(np.zeros(40_000, np.float32), recogniser)
    assert recogniser.calls == [], "a recogniser invents words for silence"
    assert (row.transcript, row.word_errors, row.similarity) == ("", 4, 0.0)
    assert row.catastrophes == ("empty_audio", "high_wer")
    assert row.sound == SILENT_SOUND
    assert row.sound["quality"] == 1.0


def test_sound_and_critical_words_are_in_the_row(score: Callable[..., ItemScore]) -> None:
    wave = noise(90)
    recogniser = FakeRecogniser()
    recogniser.hears(wave, "the line is shut")
    row = score(wave, recogniser)
    assert set(row.sound) == set(MEASURES)
    assert row.sound["quality"] == 3.3
    assert (row.critical_errors, row.critical_words) == (1, 1)


def test_a_figure_is_missing_only_beside_a_catastrophe(score: Callable[..., ItemScore]) -> None:
    nothing, endless = noise(91), noise(92)
    recogniser = FakeRecogniser()
    recogniser.hears(endless, "again and " * 100)
    for wave in (nothing, endless):
        row = score(wave, recogniser)
        assert None in row.sound.values()
        assert row.catastrophes
