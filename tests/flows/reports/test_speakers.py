from __future__ import annotations

from flows.reports.speakers import describe_enrolment, describe_profile, describe_profiles
from tasks.speakers.show import describe_profile as as_json
from tests.fakes.speaker_profiles import TODAY, make_inputs, make_score
from voxgate.speakers.profiles import ProfileVersion, State

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
