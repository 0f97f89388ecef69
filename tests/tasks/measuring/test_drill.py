from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tasks.measuring.calibrate import calibrate
from tasks.measuring.drill import Parts, drill
from tasks.measuring.drill_report import DrillReport
from tasks.measuring.thresholds import calibration_path
from tests.fakes.evaluation_workspace import (
    PROMPTS,
    SPEAKER,
    EvaluationWorkspace,
    noise,
    params_for,
)
from tests.fakes.takes import hear_takes, instruments_of
from tests.fakes.voice import ToneVoice
from voxgate.audio.shards import from_pcm16, to_pcm16
from voxgate.errors import GateError
from voxgate.evaluation.drills.bad_voices import FAULTS
from voxgate.evaluation.drills.sources import Sources
from voxgate.evaluation.known_clips import KnownClip
from voxgate.files import read_json, write_json
from voxgate.params import Params
from voxgate.types import Speech
from voxgate.voice.replay import ReplayVoice, write_replay

TAKES = 6


@pytest.fixture
def site(tmp_path: Path) -> EvaluationWorkspace:
    site = EvaluationWorkspace(tmp_path)
    site.understand(ToneVoice())
    hear_takes(site, ToneVoice(), takes=TAKES)
    return site


def params_of(site: EvaluationWorkspace) -> Params:
    return params_for(site, bootstrap_draws=1000)


def bad_sources(package: Path, replay: ReplayVoice, strangers: Sequence[KnownClip]) -> Sources:
    """Return sources that nobody understands: the instruments know the sound voice alone."""
    assert package.name == "step-000100"
    assert len(strangers) == 9
    murmur = ToneVoice(letters_per_s=13.0)
    return Sources(
        voice=murmur,
        replay=replay,
        hurried=murmur,
        stranger=murmur,
        foreign=[noise(seed) for seed in range(5)],
        reference_text="This is what the reference clip says.",
        digest="murmur",
    )


def of_the_words() -> list[str]:
    """Return the bad voices that are known by words and timbre: what fake instruments hear."""
    known = {"wer", "similarity", "catastrophes"}
    return [
        fault.name
        for fault in FAULTS
        if {code.partition("_")[0] for code in fault.expected} & known
    ]


def drilled(
    site: EvaluationWorkspace,
    build: Callable[[Path, ReplayVoice, Sequence[KnownClip]], Sources] = bad_sources,
    *,
    prompts: int | None = 3,
    faults: Sequence[str] = ("silence",),
    only: Sequence[str] = (),
    tell: Callable[[str], None] = lambda _line: None,
) -> DrillReport:
    return drill(
        site.workspace,
        params_of(site),
        takes=TAKES,
        prompts=prompts,
        voice=site.workspace.stage_dir("train") / "checkpoints" / "step-000100",
        only=only,
        tell=tell,
        parts=Parts(
            instruments=instruments_of(site),
            load_voice=lambda _: ToneVoice(),
            build_sources=build,
            faults=[fault for fault in FAULTS if fault.name in faults],
        ),
    )


def test_bad_voices_are_blocked_and_the_sound_one_passes(site: EvaluationWorkspace) -> None:
    names = of_the_words()
    assert len(names) > 12
    report = drilled(site, faults=names)
    assert [result.fault.name for result in report.faults] == names
    assert [result.fault.name for result in report.faults if not result.blocked] == []
    assert report.itself.passed == report.itself.runs == 100
    assert report.passed
    assert (report.prompts, report.seeds, report.sound.wer) == (3, 3, 0.0)
    document = report.as_json()
    silence = document["faults"][names.index("silence")]
    assert silence["catastrophe_codes"] == {"empty_audio": 9, "high_wer": 9}
    assert silence["verdict_on_floors"] == "FAIL"


def test_the_drill_tells_whose_turn_it_is_and_how_it_ended(site: EvaluationWorkspace) -> None:
    lines: list[str] = []
    drilled(site, faults=["truncation", "silence"], tell=lines.append)
    assert [re.sub(r"\d+ s$", "N s", line) for line in lines] == [
        "[1/2] truncation",
        "[1/2] truncation: FAIL, N s",
        "[2/2] silence",
        "[2/2] silence: FAIL, N s",
    ]


def test_some_bad_voices_can_be_drilled_alone_and_the_report_says_so(
    site: EvaluationWorkspace,
) -> None:
    report = drilled(site, faults=["truncation", "silence", "noise"], only=["silence"])
    assert [result.fault.name for result in report.faults] == ["silence"]
    assert (report.left_out, report.as_json()["left_out"]) == (2, 2)
    with pytest.raises(GateError, match="no bad voice 'hiss'; expected one of truncation, silence"):
        drilled(site, faults=["truncation", "silence"], only=["hiss"])


def test_a_bad_voice_that_gets_through_fails_the_drill(site: EvaluationWorkspace) -> None:
    def harmless(package: Path, replay: ReplayVoice, strangers: Sequence[KnownClip]) -> Sources:
        return replace(bad_sources(package, replay, strangers), hurried=replay, digest="harmless")

    report = drilled(site, harmless, faults=["silence", "speed-up"])
    assert [result.fault.name for result in report.faults if not result.blocked] == ["speed-up"]
    assert report.itself.passed == 100
    assert not report.passed


def test_a_bad_voice_that_could_not_be_measured_is_not_blocked(site: EvaluationWorkspace) -> None:
    """A HOLD says nothing about the gate: the drill did not take place."""

    class Crashing(ToneVoice):
        def speak(self, text: str, *, seed: int) -> Speech:
            raise RuntimeError("no sound")

    def crashing(package: Path, replay: ReplayVoice, strangers: Sequence[KnownClip]) -> Sources:
        return replace(bad_sources(package, replay, strangers), stranger=Crashing(), digest="mute")

    report = drilled(site, crashing, faults=["wrong speaker", "silence"])
    (held,) = [result for result in report.faults if not result.blocked]
    assert (held.fault.name, held.codes) == ("wrong speaker", {"unmeasured_samples"})
    assert not report.passed


def test_a_voice_that_fails_against_itself_fails_the_drill(site: EvaluationWorkspace) -> None:
    hear_takes(site, ToneVoice(), takes=TAKES, heard=lambda _text, _take: "nothing of it")
    report = drilled(site)
    assert all(result.blocked for result in report.faults)
    assert report.itself.passed == 0
    assert "wer_floor" in report.itself.blamed
    assert not report.passed


def test_all_prompts_need_the_committed_record(site: EvaluationWorkspace) -> None:
    with pytest.raises(GateError, match=r"calibration\.json is missing.*run `voxgate calibrate`"):
        drilled(site, prompts=None)
    calibrate(
        site.workspace,
        params_of(site),
        now=datetime(2026, 11, 25, tzinfo=UTC),
        command="voxgate calibrate",
        takes=TAKES,
        voice=site.workspace.stage_dir("train") / "checkpoints" / "step-000100",
        instruments=instruments_of(site),
        load_voice=lambda _: ToneVoice(),
    )
    assert drilled(site, prompts=None).passed
    path = calibration_path(site.workspace)
    write_json(path, {**read_json(path), "seeds": 2})
    stale = drilled(site, prompts=None)
    assert stale.itself.blamed == {"calibration_of_other_measurement": 100}
    assert not any(result.blocked for result in stale.faults)


@pytest.mark.slow
def test_a_second_drill_asks_nobody_again(site: EvaluationWorkspace) -> None:
    faults = ["dropped words", "truncation"]
    first = drilled(site, faults=faults)
    heard = sum(site.transcriber.calls)
    assert drilled(site, faults=faults).as_json() == first.as_json()
    known = 9  # clips of the self-test, which is never cached
    assert sum(site.transcriber.calls) - heard <= known


def test_a_replay_package_is_drilled_like_any_voice(
    site: EvaluationWorkspace, tmp_path: Path
) -> None:
    quiet = [from_pcm16(to_pcm16(0.5 * noise(500 + n))) for n in range(len(PROMPTS["gate"]))]
    recordings = dict(zip(PROMPTS["gate"], quiet, strict=True))
    for text, wave in recordings.items():
        site.transcriber.hears(wave, text)
        site.encoder.speaks(wave, SPEAKER)
    write_replay(tmp_path / "replay", recordings, consent_scope="evaluation")
    report = drill(
        site.workspace,
        params_of(site),
        takes=TAKES,
        prompts=3,
        voice=tmp_path / "replay",
        parts=Parts(
            instruments=instruments_of(site),
            build_sources=lambda _package, replay, _strangers: Sources(
                voice=replay,
                replay=replay,
                hurried=replay,
                stranger=replay,
                foreign=[],
                reference_text="-",
                digest="-",
            ),
            faults=[fault for fault in FAULTS if fault.name == "silence"],
        ),
    )
    assert report.itself.blamed == {}
    assert report.passed
    assert (report.sound.wer, report.calibration.wer_standard_error) == (0.0, 0.0)
