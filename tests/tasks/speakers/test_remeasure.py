"""What a promotion made stale is measured again, whatever happens in between."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from tasks.speakers import decide
from tasks.speakers.bench import Bench
from tasks.speakers.remeasure import measure_named, measure_stale
from tests.fakes.speaker_profiles import (
    MemorySpeakerRegister,
    make_inputs,
    make_score,
    speak_like,
)
from tests.tasks.speakers.test_measure import PRESET, Parrot, Site
from voxgate.audio.shards import to_pcm16
from voxgate.clock import utc_now
from voxgate.errors import EvaluatorError, UnknownPresetError
from voxgate.serving.preset_book import PresetBook
from voxgate.settings import Settings
from voxgate.speakers import decisions
from voxgate.speakers.ports import SpeakerRegister
from voxgate.speakers.profiles import ProfileVersion
from voxgate.speakers.reference_files import reference_path, write_reference
from voxgate.speakers.standing import Bar
from voxgate.speaking.presets import SpeakingPreset
from voxgate.types import Speech
from voxgate.wiring.speakers import open_speaker_register

OTHER = SpeakingPreset(name="other", version=1, seed=4)
KILLS = 6


class NoRows:
    """Implements `PresetTable` of an installation without presets of its own."""

    def rows(self) -> tuple[SpeakingPreset, ...]:
        return ()

    def add(self, preset: SpeakingPreset, *, actor: str) -> bool:
        raise NotImplementedError


class Killed(BaseException):
    """Ends a measurement as a signal does: nobody catches it."""


class MortalParrot(Parrot):
    """Dies before its sample number `last`."""

    def __init__(self, last: int) -> None:
        super().__init__()
        self.last = last

    def speak(self, text: str, *, seed: int, **options: object) -> Speech:
        if len(self.calls) == self.last:
            raise Killed
        return super().speak(text, seed=seed, **options)  # type: ignore[arg-type]


class Bay:
    """A bench of fakes, and how often its slow parts were opened."""

    def __init__(self, folder: Path, register: SpeakerRegister | None = None) -> None:
        self.sitting = Site(folder / "cache").sitting
        self.register = MemorySpeakerRegister(clock=[utc_now()]) if register is None else register
        self.references = folder / "speakers"
        self.opened: list[str] = []
        self.voice = Parrot()

    def bench(self, model: str = "m8") -> Bench:
        return Bench(
            register=self.register,
            references=self.references,
            presets=PresetBook([PRESET, OTHER], NoRows()),
            version=8,
            bar=Bar(model_digest=model, min_similarity=0.6),
            load_voice=lambda preset: self._open(f"voice for {preset.name}", self.voice),
            sit=lambda count: self._open(f"sit {count}", self.sitting),
            prompts=8,
            by="bob",
        )

    def _open(self, what: str, found):  # type: ignore[no-untyped-def]  # hands back what it gets
        self.opened.append(what)
        return found

    def enrol(self, name: str, *presets: SpeakingPreset, days: int = 9) -> None:
        """Enrol and activate a speaker who was measured with an earlier model."""
        path = write_reference(self.references, to_pcm16(speak_like(noise=1e-4 * len(name))))
        expires_on = utc_now().date() + timedelta(days=days)
        inputs = make_inputs(name, reference=path.stem, expires_on=expires_on)
        self.register.append(
            lambda standing, now: decisions.enrol(
                standing, inputs, duration_s=5.0, checks={}, by="bob", now=now
            )
        )
        decide.activate(self.register, name, 1, by="bob", reason="heard it")
        for preset in presets:
            self.register.append(
                lambda standing, now, preset=preset: decisions.score(
                    standing, name, 1, make_score("m7", preset.digest), by="bob", now=now
                )
            )

    def profile(self, name: str) -> ProfileVersion:
        return self.register.read().require(name)

    def stale(self, name: str, preset: SpeakingPreset = PRESET) -> bool:
        return self.profile(name).is_stale(model_digest="m8", preset_digest=preset.digest)


def sql_register(folder: Path) -> SpeakerRegister:
    return open_speaker_register(Settings(), folder)


@pytest.fixture
def bay(tmp_path: Path) -> Bay:
    return Bay(tmp_path)


def test_a_profile_is_measured_with_what_is_live_and_a_preset(bay: Bay) -> None:
    bay.enrol("anna")
    answer = measure_named(bay.bench(), "anna", None, preset="other", prompts=9)
    assert bay.opened == ["voice for other", "sit 9"]
    assert {name: answer[name] for name in ("profile", "preset", "version", "standing")} == {
        "profile": "anna@1",
        "preset": "other@1",
        "version": 8,
        "standing": "good",
    }
    score = bay.profile("anna").score(model_digest="m8", preset_digest=OTHER.digest)
    assert score is not None
    assert answer["score"] == score.as_json()
    assert score.similarity_p50 <= score.similarity_upper
    with pytest.raises(UnknownPresetError):
        measure_named(bay.bench(), "anna", None, preset="none")


def test_usable_profiles_that_were_measured_are_measured_again_and_no_others(bay: Bay) -> None:
    bay.enrol("anna", PRESET, OTHER)
    bay.enrol("bo")  # never measured
    bay.enrol("carla", PRESET)
    decide.suspend(bay.register, "carla", 1, by="bob", reason="a complaint")
    bay.enrol("dora", PRESET, days=0)
    results = measure_stale(bay.bench())
    assert [(r["profile"], r["preset"], r["fault"]) for r in results] == [
        ("anna@1", "plain@1", None),
        ("anna@1", "other@1", None),
        ("dora@1", "plain@1", None),  # it is her last day
    ]
    assert not bay.stale("anna")
    assert bay.stale("carla")
    events, spoken = len(bay.register.rows()), len(bay.voice.calls)
    bay.opened.clear()
    assert measure_stale(bay.bench()) == []
    assert (len(bay.register.rows()), len(bay.voice.calls), bay.opened) == (events, spoken, [])


def test_a_measurement_that_was_killed_goes_on_where_it_ended(bay: Bay) -> None:
    bay.enrol("anna", PRESET)
    bay.enrol("bo", PRESET)
    bay.voice = MortalParrot(last=11)  # in the middle of the second
    with pytest.raises(Killed):
        measure_stale(bay.bench())
    assert (bay.stale("anna"), bay.stale("bo")) == (False, True)
    bay.voice = Parrot()
    assert [result["profile"] for result in measure_stale(bay.bench())] == ["bo@1"]
    assert len(bay.voice.calls) == 5  # of its eight samples three were spoken before
    kinds = [row.kind for row in bay.register.rows()]
    assert kinds.count("scored") == 4


@pytest.mark.slow
def test_however_often_it_is_killed_each_score_is_noted_once(tmp_path: Path) -> None:
    bay = Bay(tmp_path, sql_register(tmp_path))
    names = [f"anna{'x' * number}" for number in range(4)]
    for name in names:
        bay.enrol(name, PRESET)
    random, spoken = Random(13), 0
    command = [sys.executable, "-m", "tests.fakes.remeasure_child", str(tmp_path)]
    for _ in range(KILLS):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            for _ in range(random.randrange(1, 10)):
                spoken += bool(child.stdout.readline())
            time.sleep(random.uniform(0.0, 0.05))
            child.kill()
            spoken += len(child.stdout.readlines())
        assert child.returncode in (-9, 0)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    spoken += len(done.stdout.splitlines())
    for name in names:
        assert [score.model_digest for score in bay.profile(name).scores] == ["m7", "m8"]
    assert 32 <= spoken <= 32 + KILLS  # each kill costs at most the sample that it interrupts


def test_who_cannot_be_measured_stays_stale_and_holds_up_nobody(bay: Bay) -> None:
    bay.enrol("anna", PRESET)
    bay.enrol("bo", PRESET)
    reference_path(bay.references, bay.profile("anna").inputs.reference_sha256).unlink()
    gone, measured = measure_stale(bay.bench())
    assert (gone["standing"], gone["score"]) == ("stale", None)
    assert "there is no such file" in gone["fault"]
    assert (measured["profile"], measured["fault"]) == ("bo@1", None)
    assert (bay.stale("anna"), bay.stale("bo")) == (True, False)


def test_a_preset_that_is_no_more_is_named_by_its_digest(bay: Bay) -> None:
    bay.enrol("anna", replace_seed(OTHER))
    (result,) = measure_stale(bay.bench())
    assert result["preset"] == replace_seed(OTHER).digest
    assert "there is no such row" in result["fault"]


def test_instruments_that_cannot_be_trusted_are_no_fault_of_a_profile(bay: Bay) -> None:
    bay.enrol("anna", PRESET)

    def refuse(_count: int) -> object:
        raise EvaluatorError("the self-test failed")

    with pytest.raises(EvaluatorError, match="the self-test failed"):
        measure_stale(replace(bay.bench(), sit=refuse))
    assert bay.stale("anna")


def replace_seed(preset: SpeakingPreset) -> SpeakingPreset:
    return preset.model_copy(update={"seed": preset.seed + 1})
