"""The rules, on a register in memory: from what stands to one event, none, or a refusal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.fakes.speaker_profiles import (
    NOW,
    TODAY,
    MemorySpeakerRegister,
    consent,
    make_inputs,
    make_score,
)
from voxgate.corpus.consent import ConsentScope
from voxgate.errors import (
    ConsentError,
    ProfileRefusedError,
    ProfileStateError,
    UnknownProfileError,
)
from voxgate.speakers import decisions
from voxgate.speakers.events import Event
from voxgate.speakers.profiles import ProfileInputs, State

WHO: Any = {"by": "bob", "reason": "she asked for it"}


def enrol(register: MemorySpeakerRegister, inputs: ProfileInputs, *, by: str = "bob") -> Any:
    return register.append(
        lambda standing, now: decisions.enrol(
            standing, inputs, duration_s=5.0, checks={"snr": 40.0}, by=by, now=now
        )
    )


def activate(register: MemorySpeakerRegister, **changes: Any) -> Event | None:
    return register.append(
        lambda r, now: decisions.activate(r, "anna", None, **{**WHO, **changes}, now=now)
    )


def move(register: MemorySpeakerRegister, name: str, version: int | None = None) -> Any:
    decide = getattr(decisions, name)
    extra = {"now": NOW} if name == "resume" else {}
    return register.append(lambda r, _now: decide(r, "anna", version, **WHO, **extra))


@pytest.fixture
def register() -> MemorySpeakerRegister:
    made = MemorySpeakerRegister()
    enrol(made, make_inputs())
    return made


def state(register: MemorySpeakerRegister, version: int | None = None) -> State:
    return register.read().require("anna", version).state


def test_the_same_inputs_add_nothing_and_others_a_version(register: MemorySpeakerRegister) -> None:
    assert enrol(register, make_inputs(), by="carol") is None
    assert enrol(register, make_inputs(reference="b" * 64)).version == 2
    assert enrol(register, make_inputs()) is None
    assert len(register.rows()) == 2


def test_a_profile_goes_through_its_states(register: MemorySpeakerRegister) -> None:
    assert state(register) is State.DRAFT
    activate(register)
    assert state(register) is State.USABLE
    move(register, "suspend")
    assert state(register) is State.SUSPENDED
    move(register, "resume")
    assert state(register) is State.USABLE
    move(register, "revoke")
    assert state(register) is State.REVOKED
    assert register.read().require("anna").why == "bob: she asked for it"


def test_what_stands_already_adds_nothing(register: MemorySpeakerRegister) -> None:
    activate(register)
    assert activate(register) is None
    assert move(register, "revoke") is not None
    assert move(register, "revoke") is None


@pytest.mark.parametrize("name", ["suspend", "resume"])
def test_a_draft_is_neither_suspended_nor_resumed(
    register: MemorySpeakerRegister, name: str
) -> None:
    with pytest.raises(ProfileStateError, match="anna@1 is"):
        move(register, name)


def test_activation_does_not_lift_a_suspension(register: MemorySpeakerRegister) -> None:
    activate(register)
    move(register, "suspend")
    with pytest.raises(ProfileStateError, match="resume it"):
        activate(register)


def test_nothing_brings_a_revoked_version_back(register: MemorySpeakerRegister) -> None:
    activate(register)
    move(register, "revoke")
    for name in ("suspend", "resume"):
        with pytest.raises(ProfileStateError, match="cannot become"):
            move(register, name)
    with pytest.raises(ProfileStateError, match="cannot become"):
        activate(register)
    with pytest.raises(ProfileStateError, match=r"was revoked .*she asked for it"):
        enrol(register, make_inputs())
    with pytest.raises(ProfileStateError, match="is revoked"):
        register.append(
            lambda r, now: decisions.change_consent(r, "anna", 1, consent(), **WHO, now=now)
        )
    assert enrol(register, make_inputs(scope=ConsentScope.EVALUATION)).version == 2


def test_a_new_draft_takes_no_place_until_it_is_activated(register: MemorySpeakerRegister) -> None:
    activate(register)
    enrol(register, make_inputs(reference="b" * 64))
    assert register.read().require("anna").version == 1
    activate(register)
    assert register.read().require("anna").version == 2
    enrol(register, make_inputs(reference="c" * 64))
    move(register, "revoke", 3)
    assert register.read().require("anna").version == 2


def test_an_ended_consent_neither_enrols_nor_activates_nor_resumes() -> None:
    register = MemorySpeakerRegister()
    with pytest.raises(ConsentError, match="it ended with"):
        enrol(register, make_inputs(expires_on=TODAY - timedelta(days=1)))
    enrol(register, make_inputs(expires_on=TODAY))
    register.clock.append(NOW + timedelta(days=1))
    with pytest.raises(ConsentError, match="it ended with"):
        activate(register)
    register.clock.append(NOW)
    activate(register)
    move(register, "suspend")
    with pytest.raises(ConsentError, match="it ended with"):
        register.append(
            lambda r, _now: decisions.resume(r, "anna", 1, **WHO, now=NOW + timedelta(days=1))
        )


def test_a_consent_is_put_in_place_of_another(register: MemorySpeakerRegister) -> None:
    wider = consent(ConsentScope.PUBLICATION, expires_on=date(2027, 1, 1))

    def change(record: Any) -> Any:
        return register.append(
            lambda r, now: decisions.change_consent(r, "anna", 1, record, **WHO, now=now)
        )

    assert change(wider) is not None
    assert change(wider) is None
    standing = register.read().require("anna")
    assert standing.consent.scope is ConsentScope.PUBLICATION
    assert standing.inputs.consent.scope is ConsentScope.INTERNAL
    with pytest.raises(ConsentError, match="revoke"):
        change(consent(expires_on=TODAY - timedelta(days=1)))


def test_a_score_is_noted_once_and_not_of_what_was_stopped(register: MemorySpeakerRegister) -> None:
    def note(found: Any) -> Any:
        return register.append(
            lambda r, now: decisions.score(r, "anna", 1, found, by="bob", now=now)
        )

    assert note(make_score()) is not None
    assert note(make_score()) is None
    assert note(make_score(wer=0.5)) is not None
    assert len(register.read().require("anna").scores) == 2
    move(register, "revoke")
    with pytest.raises(ProfileStateError, match="it is revoked"):
        note(make_score("another"))


def test_all_faults_of_name_speaker_and_text_are_named_together() -> None:
    bad = ProfileInputs.from_json(
        {**make_inputs().as_json(), "name": "../x", "speaker_id": "", "text": "a\nb"}
    )
    with pytest.raises(ProfileRefusedError) as caught:
        enrol(MemorySpeakerRegister(), bad)
    assert [fault.partition(":")[0] for fault in caught.value.faults] == ["name", "speaker", "text"]


def test_two_names_do_not_differ_in_case_alone(register: MemorySpeakerRegister) -> None:
    with pytest.raises(ProfileRefusedError, match="differs from the profile anna in letter case"):
        enrol(register, make_inputs("Anna"))


@pytest.mark.parametrize("words", [{"by": " "}, {"reason": ""}, {"reason": "a\x1b[2Jb"}])
def test_who_and_why_are_said_in_one_line(
    register: MemorySpeakerRegister, words: dict[str, str]
) -> None:
    with pytest.raises(ProfileStateError, match=f"--{next(iter(words))}: expected"):
        activate(register, **words)
    assert len(register.rows()) == 1


def test_an_unknown_profile_is_named_with_those_that_exist(register: MemorySpeakerRegister) -> None:
    with pytest.raises(UnknownProfileError, match="no speaker profile 'bob'; there are: anna"):
        register.read().require("bob")
    with pytest.raises(UnknownProfileError, match="versions 1 to 1, not 2"):
        move(register, "revoke", 2)
