from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.evaluation_work import Dying, SpeakingTiny, SpeakingTones, Voiceless
from tests.fakes.evaluation_workspace import noise
from tests.fakes.voice import ToneVoice
from tests.fakes.voice_package import CARD, voice_files
from voxgate.adapters.executors.processes import ProcessExecutor
from voxgate.errors import WeightsError
from voxgate.evaluation.benchmark import Prompt
from voxgate.evaluation.measurements import open_caches
from voxgate.evaluation.plan import plan_items
from voxgate.evaluation.synthesis import PooledVoice, Speaker, Spoken, speak_items
from voxgate.executors import SerialExecutor
from voxgate.voice.package import write_voice
from voxgate.voice.replay import ReplayVoice

TEXT = "The line is open"
PROMPT = Prompt(id="p", split="gate", prompt_class="plain", text=TEXT, normalised=TEXT, words=4)


def test_audio_of_another_rate_is_brought_to_16_khz(tmp_path: Path) -> None:
    voice = ReplayVoice({TEXT: noise(90)}, sample_rate_hz=32_000)
    (spoken,) = speak_items(
        voice,
        plan_items([PROMPT], seeds=1),
        limits_s={"p": 3.0},
        model_digest="m",
        cache=open_caches(tmp_path, voice_code="v", instrument_code="i").speech,
    )
    assert len(spoken.wave) == 20_000
    assert spoken.duration_s == 1.25


PROMPTS = [
    Prompt(id=f"p{n}", split="gate", prompt_class="plain", text=text, normalised=text, words=2)
    for n, text in enumerate(["one way", "two roads", "three paths"])
]


def speak(voice: Speaker, folder: Path) -> list[Spoken]:
    return speak_items(
        voice,
        plan_items(PROMPTS, seeds=2),
        limits_s={prompt.id: 3.0 for prompt in PROMPTS},
        model_digest="m",
        cache=open_caches(folder, voice_code="v", instrument_code="i").speech,
    )


def heard(spoken: list[Spoken]) -> list[tuple[str, float, str | None]]:
    return [(sample.digest, sample.duration_s, sample.fault) for sample in spoken]


@pytest.mark.slow
def test_a_voice_that_workers_load_says_the_same(tmp_path: Path) -> None:
    here = speak(ToneVoice(), tmp_path / "here")
    opened = tmp_path / "opened"
    with ProcessExecutor(2) as executor:
        there = speak(PooledVoice(executor, SpeakingTones(opened)), tmp_path / "there")
    assert heard(there) == heard(here)
    assert 1 <= len(opened.read_text().splitlines()) <= 2, "once a worker"


@pytest.mark.slow
def test_a_network_says_the_same_bytes_in_other_processes(tmp_path: Path) -> None:
    write_voice(tmp_path / "voice", CARD, voice_files())
    work = SpeakingTiny(tmp_path / "voice")
    here = speak(PooledVoice(SerialExecutor(), work), tmp_path / "here")
    with ProcessExecutor(2) as executor:
        there = speak(PooledVoice(executor, work), tmp_path / "there")
    assert heard(there) == heard(here)
    assert all(sample.fault is None and len(sample.pcm) for sample in here)


def test_what_is_cached_loads_no_voice(tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    voice = PooledVoice(SerialExecutor(), SpeakingTones(opened))
    first = speak(voice, tmp_path)
    opened.unlink()
    assert heard(speak(voice, tmp_path)) == heard(first)
    assert not opened.exists()


def test_each_sample_is_kept_as_soon_as_it_is_there(tmp_path: Path) -> None:
    class Interrupted(ToneVoice):
        def speak(self, text: str, *, seed: int):  # type: ignore[no-untyped-def]
            if text == "three paths":
                raise KeyboardInterrupt
            return super().speak(text, seed=seed)

    with pytest.raises(KeyboardInterrupt):
        speak(Interrupted(), tmp_path)
    voice = ToneVoice()
    speak(voice, tmp_path)
    assert {text for text, _ in voice.calls} == {"three paths"}


@pytest.mark.slow
def test_a_worker_that_is_killed_while_it_speaks_changes_nothing(tmp_path: Path) -> None:
    here = speak(ToneVoice(), tmp_path / "here")
    with ProcessExecutor(2) as executor:
        voice = PooledVoice(executor, Dying("two roads", once=tmp_path / "died"))
        assert heard(speak(voice, tmp_path / "there")) == heard(here)
    assert (tmp_path / "died").exists()


@pytest.mark.slow
def test_a_text_that_always_kills_its_worker_is_a_sample_with_a_fault(tmp_path: Path) -> None:
    with ProcessExecutor(2) as executor:
        spoken = speak(PooledVoice(executor, Dying("two roads")), tmp_path)
    assert [sample.fault is None for sample in spoken] == [True, True, False, False, True, True]
    assert "voice: WorkerDiedError: Dying: an item ended the process" in str(spoken[2].fault)


def test_a_voice_that_cannot_be_loaded_is_no_fault_of_the_samples(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="is missing"):
        speak(PooledVoice(SerialExecutor(), Voiceless()), tmp_path)
