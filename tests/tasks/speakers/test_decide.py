"""Decisions answer with what stands afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tasks.speakers import decide
from tasks.speakers.show import list_profiles, show_profile
from tests.fakes.speaker_profiles import NOW, TODAY, MemorySpeakerRegister, consent, make_inputs
from voxgate.corpus.consent import ConsentScope
from voxgate.errors import UnknownProfileError
from voxgate.speakers import decisions


@pytest.fixture
def register() -> MemorySpeakerRegister:
    made = MemorySpeakerRegister()
    last_day = TODAY + timedelta(days=1)
    for reference in ("a" * 64, "b" * 64):
        inputs = make_inputs(reference=reference, expires_on=last_day)
        made.append(
            lambda standing, now, inputs=inputs: decisions.enrol(
                standing, inputs, duration_s=5.0, checks={"snr": 40.0}, by="bob", now=now
            )
        )
    return made


def test_each_decision_is_one_event_and_shows_the_version(register: MemorySpeakerRegister) -> None:
    who = {"by": "bob", "reason": "heard it"}
    assert decide.activate(register, "anna", None, **who)["version"] == 2
    assert decide.suspend(register, "anna", None, **who)["state"] == "suspended"
    assert decide.resume(register, "anna", None, **who)["state"] == "usable"
    wider = consent(ConsentScope.PUBLICATION)
    changed = decide.change_consent(register, "anna", None, wider, **who)
    assert changed["consent"]["scope"] == "publication"
    revoked = decide.revoke(register, "anna", None, **who)
    assert (revoked["state"], revoked["version"]) == ("revoked", 2)
    assert revoked["why"] == "bob: heard it"
    assert len(register.rows()) == 7


def test_what_is_usable_for_which_purpose_depends_on_the_day(
    register: MemorySpeakerRegister,
) -> None:
    register.append(lambda r, now: decisions.activate(r, "anna", 1, by="b", reason="w", now=now))
    shown = show_profile(register, "anna", None, today=TODAY)
    assert shown["usable_for"] == ["evaluation", "internal"]
    assert "text" not in shown["reference"]
    later = (NOW + timedelta(days=2)).date()
    assert show_profile(register, "anna", None, today=later)["usable_for"] == []


def test_all_versions_are_listed_by_name(register: MemorySpeakerRegister) -> None:
    listed = list_profiles(register, today=TODAY)
    assert [(each["name"], each["version"], each["state"]) for each in listed] == [
        ("anna", 1, "draft"),
        ("anna", 2, "draft"),
    ]


def test_an_unknown_profile_is_not_decided_about(register: MemorySpeakerRegister) -> None:
    with pytest.raises(UnknownProfileError):
        decide.revoke(register, "bob", None, by="bob", reason="why")
