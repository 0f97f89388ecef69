from __future__ import annotations

from flows.reports.speakers import (
    describe_enrolment,
    describe_measurements,
    describe_profile,
    describe_profiles,
)
from tasks.speakers.show import describe_profile as as_json
from tests.fakes.speaker_profiles import TODAY, make_inputs, make_score
from voxgate.speakers.profiles import ProfileVersion, State
from voxgate.speakers.standing import Bar

INPUTS = make_inputs(expires_on=TODAY)
PROFILE = ProfileVersion(
    version=2,
    inputs=INPUTS,
    consent=INPUTS.consent,
    duration_s=5.0,
    checks={"snr": 40.0, "one_speaker": None},
    state=State.USABLE,
    why="bob: heard it",
    scores=(make_score(),),
)


def test_a_version_is_shown_with_consent_checks_and_scores() -> None:
    shown = describe_profile(as_json(PROFILE, today=TODAY))
    lines = shown.splitlines()
    assert lines[0].split(maxsplit=2) == [
        "anna@2",
        "usable",
        "usable for evaluation, internal",
    ]
    for part in (
        "  reference  5.00 s, with its text, " + "a" * 64,
        f"internal, until {TODAY}, record ",
        "  because    bob: heard it",
        "similarity 0.800 (5 % below 0.700), WER 10.0%, self-similarity 0.900, SNR 40.0 dB, N 20",
    ):
        assert part in shown
    assert "snr              40" in shown
    assert "one_speaker      not measured" in shown


def test_an_empty_list_says_how_to_begin() -> None:
    assert "voxgate speakers enrol" in describe_profiles([])


def test_an_enrolment_says_what_was_done_and_what_is_next() -> None:
    profile = as_json(PROFILE, today=TODAY)
    lines = describe_enrolment(profile, ["level changed by +3.0 dB"], added=True).splitlines()
    assert lines[0] == "enrolled anna@2 as a draft"
    assert lines[1] == "  level changed by +3.0 dB"
    assert "voxgate speakers activate anna --version 2" in lines[2]
    assert "nothing was added" in describe_enrolment(profile, [], added=False)


def test_a_version_says_how_it_stands_with_the_voice_that_is_live() -> None:
    def shown(model: str, floor: float) -> str:
        bar = Bar(model_digest=model, min_similarity=floor)
        return describe_profile(as_json(PROFILE, today=TODAY, bar=bar))

    assert shown("m" * 64, 0.6).splitlines()[-1] == "  quality    preset pppppppppppp: good"
    assert "quality" not in shown("m" * 64, 0.6).splitlines()[0]
    assert "preset pppppppppppp: stale: not measured with" in shown("n" * 64, 0.6)
    unfit = shown("m" * 64, 0.9)
    assert unfit.splitlines()[0].endswith("; quality: unfit")
    assert "UNFIT: the similarity surely is below the floor; nothing is spoken" in unfit
    assert "quality" not in describe_profile(as_json(PROFILE, today=TODAY))  # nothing is live


def test_a_measurement_is_figures_or_a_reason() -> None:
    result = {"profile": "anna@1", "preset": "plain@1", "version": 7, "standing": "good"}
    measured = {**result, "score": make_score().as_json(), "fault": None}
    lines = describe_measurements([measured, {**result, "score": None, "fault": "no file"}])
    first, figures, second = lines.splitlines()
    assert first.split(maxsplit=1) == ["anna@1", "plain@1, version 7: good"]
    assert "similarity 0.800" in figures
    assert second.endswith("plain@1: NOT MEASURED: no file")
    assert describe_measurements([]) == "no score is stale; nothing was measured"
