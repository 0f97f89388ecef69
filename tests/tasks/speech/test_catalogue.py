"""What an upload leaves on this machine, and when the encoder is loaded."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tasks.speech.catalogue import enrol_form
from tests.fakes.recordings import CONSENT
from tests.fakes.speaker_profiles import BandEncoder, MemorySpeakerRegister, record, speak_like
from voxgate.clock import utc_now
from voxgate.errors import ProfileRefusedError, SpeechRequestError
from voxgate.ports import SpeakerEncoder
from voxgate.serving.catalogue import EnrolledVoice, EnrolmentForm
from voxgate.strict_yaml import dump_yaml

TERMS = dump_yaml(CONSENT.model_dump(mode="json", exclude_none=True))


class Site:
    def __init__(self, folder: Path) -> None:
        self.folder, self.references = folder, folder / "speakers"
        self.register = MemorySpeakerRegister(clock=[utc_now()])
        self.loaded = 0

    def encoder(self) -> SpeakerEncoder:
        self.loaded += 1
        return BandEncoder()

    def enrol(self, *, content: bytes | None = None, **changes: str | None) -> EnrolledVoice:
        recording = record(self.folder, speak_like()).read_bytes() if content is None else content
        parts = {"name": "anna", "file_name": "a.wav", "consent": TERMS, "text": None}
        form = EnrolmentForm(**{**parts, "speaker": None, **changes}, recording=recording)  # type: ignore[arg-type]
        return enrol_form(
            self.register, form, encoder=self.encoder, references=self.references, by="key abc"
        )


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    (tmp_path / "uploads").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "uploads"))
    return Site(tmp_path)


def test_an_upload_is_enrolled_as_a_file_is(site: Site) -> None:
    made = site.enrol(speaker="ann", text="Bla bla.")
    profile = site.register.read().require("anna", 1)
    assert (made.name, made.version, made.added) == ("anna", 1, True)
    assert (profile.inputs.speaker_id, profile.inputs.text) == ("ann", "Bla bla.")
    assert made.document["digest"] == profile.digest
    assert list((site.folder / "uploads").iterdir()) == []


@pytest.mark.parametrize("file_name", [None, "", "../../x.wav", "a.wav/../b", "nul\0.wav", "."])
def test_the_name_of_a_file_is_never_a_path(site: Site, file_name: str | None) -> None:
    assert site.enrol(file_name=file_name).added


def test_a_name_that_says_another_kind_of_file_is_told(site: Site) -> None:
    with pytest.raises(ProfileRefusedError, match=r"recording\.mp3"):
        site.enrol(file_name="song.mp3", content=b"no audio at all")
    assert list((site.folder / "uploads").iterdir()) == []


def test_a_consent_that_is_none_costs_no_encoder(site: Site) -> None:
    with pytest.raises(SpeechRequestError, match="expected a mapping") as refused:
        site.enrol(consent="- a list")
    assert (refused.value.code, site.loaded) == ("consent_invalid", 0)
