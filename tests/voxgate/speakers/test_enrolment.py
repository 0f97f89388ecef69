"""From a file to the inputs of a version, or every reason why not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.fakes.recordings import write_audio
from tests.fakes.speaker_profiles import HIGH, BandEncoder, consent, record, speak_like
from voxgate.errors import ProfileRefusedError
from voxgate.speakers.enrolment import Enrolment, EnrolmentRequest, prepare_enrolment
from voxgate.speakers.reference_files import digest_pcm


def prepare(recording: Path, *, text: str | None = "Bla bla.") -> Enrolment:
    request = EnrolmentRequest(
        name="anna", speaker_id="anna", recording=recording, text=text, consent=consent()
    )
    return prepare_enrolment(request, BandEncoder())


def test_the_same_recording_gives_the_same_inputs(tmp_path: Path) -> None:
    made = prepare(record(tmp_path, speak_like()))
    again = prepare(record(tmp_path, speak_like(), "another name.wav"))
    assert made.inputs.digest == again.inputs.digest
    assert made.inputs.reference_sha256 == digest_pcm(made.pcm)
    assert made.inputs.text == "Bla bla."
    assert set(made.figures) == {"duration", "clipping", "snr", "speech_ratio", "one_speaker"}


def test_a_text_that_says_more_than_is_left_is_left_out(tmp_path: Path) -> None:
    made = prepare(record(tmp_path, speak_like(times=5)))
    assert made.inputs.text is None
    assert made.actions[-1] == "its text was left out: it says more than what is left"


def test_every_failed_check_is_named_at_once(tmp_path: Path) -> None:
    wave = np.concatenate([speak_like(times=1), speak_like(HIGH, times=1)])
    wave = np.clip(30 * (wave + 0.03 * np.sin(np.arange(len(wave)))), -0.9, 0.9)
    with pytest.raises(ProfileRefusedError) as caught:
        prepare(record(tmp_path, wave.astype(np.float32)))
    named = {fault.partition(":")[0] for fault in caught.value.faults}
    assert {"clipping", "snr", "one_speaker"} <= named
    assert "anna.wav" in str(caught.value)


def test_what_cannot_be_decoded_is_refused_by_its_code(tmp_path: Path) -> None:
    broken = tmp_path / "a.wav"
    broken.write_bytes(b"RIFF")
    with pytest.raises(ProfileRefusedError, match=r"recording a\.wav: "):
        prepare(broken)
    with pytest.raises(ProfileRefusedError, match="missing_file"):
        prepare(tmp_path / "absent.wav")


def test_ten_minutes_and_telephone_speech_are_refused(tmp_path: Path) -> None:
    minutes = write_audio(tmp_path / "long.wav", np.tile(speak_like(), 110))
    with pytest.raises(ProfileRefusedError, match="too_long"):
        prepare(minutes)
    narrow = write_audio(tmp_path / "phone.wav", speak_like(), 8_000)
    with pytest.raises(ProfileRefusedError, match="sample_rate_too_low"):
        prepare(narrow)
