"""A voice speaks as a profile and is measured; nothing is scored that was not measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tasks.speakers import decide
from tasks.speakers.measure import Sitting, measure_profile
from tests.fakes.quality_predictor import FakeQualityPredictor
from tests.fakes.recogniser import FakeRecogniser
from tests.fakes.speaker_profiles import (
    HIGH,
    LOW,
    NOW,
    TODAY,
    BandEncoder,
    MemorySpeakerRegister,
    make_inputs,
    speak_like,
)
from voxgate.audio.shards import to_pcm16
from voxgate.errors import ConsentError, EvaluatorError, ProfileStateError
from voxgate.evaluation.benchmark import Prompt
from voxgate.evaluation.measurements import open_caches
from voxgate.evaluation.plan import Item
from voxgate.evaluation.protocol import Instruments
from voxgate.speakers import decisions
from voxgate.speakers.quality import QualityScore
from voxgate.speaking.options import SpeakingOptions
from voxgate.speaking.presets import SpeakingPreset
from voxgate.speaking.reference import PreparedReference, ReferenceClip
from voxgate.types import Speech
from voxgate.wiring.evaluators import text_normaliser

PRESET = SpeakingPreset(name="plain", version=1)


@dataclass
class Parrot:
    """A CloningVoice that speaks low; of each seed in `strange`, high instead."""

    sample_rate_hz: int = 16_000
    strange: Sequence[int] = ()
    silent: Sequence[int] = ()
    clips: list[ReferenceClip] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)

    def speak(self, text: str, *, seed: int, options: SpeakingOptions) -> Speech:
        assert options.reference is not None
        self.calls.append(seed)
        pitches = HIGH if seed in self.strange else LOW
        wave = speak_like([p + seed for p in pitches], times=1)
        wave *= seed not in self.silent
        return Speech(wave=wave, sample_rate_hz=self.sample_rate_hz)

    def prepare_reference(self, *clips: ReferenceClip) -> PreparedReference:
        self.clips += clips
        none = torch.zeros(0, dtype=torch.long)
        return PreparedReference(spectrograms=(), prompt_phones=none, prompt_tokens=none)


class Site:
    def __init__(self, folder: Path, *, expires_in: int = 9) -> None:
        self.register = MemorySpeakerRegister()
        self.recogniser = FakeRecogniser(default_text="one two three four")
        inputs = make_inputs(expires_on=TODAY + timedelta(days=expires_in))
        self.register.append(
            lambda standing, now: decisions.enrol(
                standing, inputs, duration_s=5.0, checks={}, by="bob", now=now
            )
        )
        normaliser = text_normaliser()
        instruments = Instruments(
            transcriber=self.recogniser,
            encoder=BandEncoder(),
            normaliser=normaliser,
            published=normaliser,
            quality=FakeQualityPredictor(),
            batch_size=4,
        )
        text = "one two three four"
        prompt = Prompt(
            id="p-1", split="gate", prompt_class="p", text=text, normalised=text, words=4
        )
        self.sitting = Sitting(
            instruments=instruments,
            items=[Item(prompt=prompt, seed_index=seed, seed=seed) for seed in range(8)],
            max_tokens_per_second=12.0,
            caches=open_caches(folder, voice_code="v" * 16, instrument_code="i" * 16),
        )

    def measure(self, voice: Parrot, *, model: str = "m7", **changes: Any) -> QualityScore:
        return measure_profile(
            self.register,
            self.register.read().require("anna"),
            to_pcm16(speak_like()),
            voice,
            changes.pop("sitting", self.sitting),
            model_digest=model,
            preset=PRESET,
            by="bob",
            clock=lambda: self.register.clock[-1],
        )


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_what_was_measured_is_noted_for_this_model_and_preset(site: Site) -> None:
    voice = Parrot()
    found = site.measure(voice)
    assert (found.n, found.wer) == (8, 0.0)
    assert found.similarity_p50 > 0.9
    assert found.self_similarity > 0.9
    assert found.snr_db > 20
    assert voice.clips[0].text == "A tone."
    profile = site.register.read().require("anna")
    assert profile.score(model_digest="m7", preset_digest=PRESET.digest) == found
    assert profile.is_stale(model_digest="m8", preset_digest=PRESET.digest)
    assert set(found.evaluators) == {"transcriber", "speaker_encoder", "normaliser"}


def test_a_sample_that_sounds_like_somebody_else_shows_in_the_tail(site: Site) -> None:
    found = site.measure(Parrot(strange=[3]))
    assert found.similarity_p05 < found.similarity_p50 - 0.1


def test_words_that_are_lost_count(site: Site) -> None:
    site.recogniser.default_text = "one two three"
    assert site.measure(Parrot()).wer == pytest.approx(0.25)


def test_measuring_again_notes_nothing_and_speaks_nothing(site: Site) -> None:
    site.measure(Parrot())
    again = Parrot()
    site.measure(again)
    assert again.calls == []
    assert len(site.register.rows()) == 2


def test_a_sample_without_speech_gives_no_score(site: Site) -> None:
    with pytest.raises(EvaluatorError, match=r"anna@1: sample p-1-3 holds no speech"):
        site.measure(Parrot(silent=[3]))
    assert len(site.register.rows()) == 1


def test_too_few_samples_give_no_score(site: Site) -> None:
    few = Sitting(**{**vars(site.sitting), "items": site.sitting.items[:4]})
    with pytest.raises(EvaluatorError, match="at least 5 samples to measure, got 4"):
        site.measure(Parrot(), sitting=few)


def test_an_instrument_that_fails_gives_no_score(site: Site) -> None:
    wave = np.asarray(Parrot().speak("", seed=0, options=_options()).wave)
    site.recogniser.fails_on((to_pcm16(wave) / np.float32(32_768)).astype(np.float32))
    with pytest.raises(EvaluatorError, match="no score was noted"):
        site.measure(Parrot())
    assert len(site.register.rows()) == 1


def _options() -> SpeakingOptions:
    return SpeakingOptions(reference=Parrot().prepare_reference())


def test_nothing_is_spoken_as_who_was_revoked_or_no_longer_agrees(
    site: Site, tmp_path: Path
) -> None:
    voice = Parrot()
    decide.revoke(site.register, "anna", None, by="bob", reason="she asked")
    with pytest.raises(ProfileStateError, match="it is revoked"):
        site.measure(voice)
    ended = Site(tmp_path / "ended")
    ended.register.clock.append(NOW + timedelta(days=10))
    with pytest.raises(ConsentError):
        ended.measure(voice)
    assert (voice.calls, voice.clips) == ([], [])
