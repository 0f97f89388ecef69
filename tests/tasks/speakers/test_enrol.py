"""Enrolment end to end but for the networks: file, register, and what a refusal leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.speakers import decide
from tasks.speakers.enrol import Enrolled, enrol
from tests.fakes.speaker_profiles import (
    NOW,
    TODAY,
    BandEncoder,
    MemorySpeakerRegister,
    consent,
    record,
    speak_like,
)
from voxgate.errors import ConsentError, ProfileRefusedError, ProfileStateError, StorageError
from voxgate.speakers.enrolment import EnrolmentRequest
from voxgate.speakers.profiles import State
from voxgate.speakers.reference_files import read_reference


class Site:
    """A folder, a register, a recording."""

    def __init__(self, folder: Path) -> None:
        self.references = folder / "speakers"
        self.register = MemorySpeakerRegister()
        self.request = EnrolmentRequest(
            name="anna",
            speaker_id="anna",
            recording=record(folder, speak_like()),
            text="Bla bla.",
            consent=consent(),
        )

    def enrol(self, **changes: Any) -> Enrolled:
        return enrol(
            self.register,
            replace(self.request, **changes),
            encoder=BandEncoder(),
            references=self.references,
            by="bob",
            clock=lambda: self.register.clock[-1],
        )

    @property
    def files(self) -> list[Path]:
        return sorted(self.references.iterdir()) if self.references.exists() else []


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_a_recording_becomes_a_draft_with_its_reference(site: Site) -> None:
    made = site.enrol()
    assert (made.added, made.profile.state, made.profile.label) == (True, State.DRAFT, "anna@1")
    pcm = read_reference(site.references, made.profile.inputs.reference_sha256)
    assert len(pcm) / 16_000 == pytest.approx(made.profile.duration_s)
    (row,) = site.register.rows()
    assert row.actor == "bob"


def test_the_same_enrolment_adds_nothing(site: Site) -> None:
    first, second = site.enrol(), site.enrol()
    assert (second.added, second.profile) == (False, first.profile)
    assert (len(site.register.rows()), len(site.files)) == (1, 1)


def test_another_consent_to_the_same_recording_is_a_version_with_the_same_file(site: Site) -> None:
    site.enrol()
    made = site.enrol(consent=consent(expires_on=TODAY + timedelta(days=9)))
    assert (made.added, made.profile.version, len(site.files)) == (True, 2, 1)


def test_what_is_refused_leaves_no_file_and_no_event(site: Site) -> None:
    with pytest.raises(ProfileRefusedError, match="snr"):
        site.enrol(recording=record(site.references.parent, speak_like(noise=0.05), "noisy.wav"))
    with pytest.raises(ProfileRefusedError, match="name: expected"):
        site.enrol(name="../anna")
    with pytest.raises(ConsentError):
        site.enrol(consent=consent(expires_on=TODAY - timedelta(days=1)))
    assert (site.files, site.register.rows()) == ([], ())


def test_a_revoked_recording_is_not_enrolled_again(site: Site) -> None:
    site.enrol()
    decide.revoke(site.register, "anna", None, by="bob", reason="she asked")
    with pytest.raises(ProfileStateError, match="was revoked"):
        site.enrol()


def test_an_event_names_no_file_that_could_not_be_written(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise StorageError("cannot write: no space left")

    monkeypatch.setattr("tasks.speakers.enrol.write_reference", full)
    with pytest.raises(StorageError):
        site.enrol()
    assert site.register.rows() == ()


def test_the_clock_that_decides_is_handed_in(site: Site) -> None:
    site.register.clock.append(NOW + timedelta(days=400))
    with pytest.raises(ConsentError, match="2027-07-06"):
        site.enrol(consent=consent(expires_on=TODAY))
