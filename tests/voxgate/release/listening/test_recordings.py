from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.fakes.listening_site import (
    MIN_VOTES,
    add_voice,
    create_listening_site,
    enter_room,
    evaluation_run,
    make_tone,
)
from tests.fakes.memory import memory_folder
from tests.fakes.release_site import ReleaseSite
from voxgate.audio.loudness import measure_loudness
from voxgate.errors import EvidenceChangedError, EvidenceMissingError
from voxgate.release.listening.recordings import LISTENING_LUFS, level_gains, to_wav

VERSION = 1


@pytest.fixture(scope="module")
def site(mlflow_uri: str) -> Iterator[ReleaseSite]:
    """Return a site with version 1; each test damages samples of its own."""
    with memory_folder() as folder:
        site = create_listening_site(folder / "checkout", mlflow_uri)
        add_voice(site, VERSION)
        yield site


def _audio_folder(site: ReleaseSite, version: int) -> Path:
    run_id = evaluation_run(site, version)
    uri = site.desk.connect().client.get_run(run_id).info.artifact_uri
    return Path(uri.removeprefix("file://")) / "audio"


def test_a_sample_is_fetched_when_it_is_heard_and_then_kept(site: ReleaseSite) -> None:
    recordings = enter_room(site, VERSION).recordings[VERSION]
    assert not recordings.folder.exists()
    pcm = recordings.fetch("p001", 2)
    assert np.array_equal(pcm, make_tone(112.0))
    stored = _audio_folder(site, VERSION) / "p001-2.flac"
    stored.rename(stored.with_suffix(".away"))
    assert np.array_equal(recordings.fetch("p001", 2), pcm)
    stored.with_suffix(".away").rename(stored)


def test_a_damaged_copy_in_the_cache_is_fetched_again(site: ReleaseSite) -> None:
    recordings = enter_room(site, VERSION).recordings[VERSION]
    pcm = recordings.fetch("p002", 2)
    for damage in (b"", b"fLaC nonsense"):
        (recordings.folder / "p002-2.flac").write_bytes(damage)
        assert np.array_equal(recordings.fetch("p002", 2), pcm)


def test_another_recording_than_the_measured_one_is_refused(site: ReleaseSite) -> None:
    stored = _audio_folder(site, VERSION)
    (stored / "p004-0.flac").write_bytes((stored / "p002-0.flac").read_bytes())
    recordings = enter_room(site, VERSION).recordings[VERSION]
    with pytest.raises(EvidenceChangedError, match=r"audio/p004-0\.flac .* was altered"):
        recordings.fetch("p004", 0)


def test_recordings_that_are_not_stored_are_named_before_anything_is_heard(
    site: ReleaseSite,
) -> None:
    stored = _audio_folder(site, VERSION) / "p003-1.flac"
    stored.rename(stored.with_suffix(".away"))
    message = r"version 1: 1 of 17 recordings are not in the registry .*: p003-1\.flac"
    with pytest.raises(EvidenceMissingError, match=message):
        enter_room(site, VERSION)
    stored.with_suffix(".away").rename(stored)
    client, run_id = site.desk.connect().client, evaluation_run(site, VERSION)
    client.delete_run(run_id)
    with pytest.raises(EvidenceMissingError, match="has no evaluation in the registry"):
        enter_room(site, VERSION)
    client.restore_run(run_id)


def test_evidence_that_is_not_the_registered_one_or_of_other_prompts_is_refused(
    site: ReleaseSite,
) -> None:
    prompts = site.root / "benchmark" / "prompts.en.jsonl"
    written = prompts.read_text()
    prompts.write_text(written.replace("what p001 says", "what somebody says"))
    with pytest.raises(EvidenceChangedError, match="version 1 was measured on benchmark"):
        enter_room(site, VERSION)
    prompts.write_text(written)
    evidence = site.root / f"evidence-{VERSION}" / "evidence.json"
    desk = site.desk
    parent = desk.ledger.read(desk.model).require(VERSION).parent_run_id
    assert parent is not None
    desk.connect().client.log_text(parent, "{}", "evidence/evidence.json")
    with pytest.raises(EvidenceChangedError, match="the stored evidence of version 1"):
        enter_room(site, VERSION)
    desk.connect().client.log_artifact(parent, str(evidence), "evidence")


def test_a_listener_hears_as_many_prompts_as_settle_the_question(site: ReleaseSite) -> None:
    assert len(enter_room(site, VERSION).trials) == MIN_VOTES
    assert len(enter_room(site, VERSION, limit=99).trials) == 6


def _lufs(wav: bytes) -> float:
    wave, rate_hz = soundfile.read(io.BytesIO(wav), dtype="float32")
    lufs = measure_loudness(wave, rate_hz).lufs
    assert lufs is not None
    return lufs


def test_both_sides_are_played_equally_loud() -> None:
    pair = [make_tone(300.0, peak=peak, duration_s=1.0) for peak in (0.5, 0.05)]
    gains = level_gains(pair)
    assert [round(gain) for gain in gains] == [-13, 7]
    for pcm, gain in zip(pair, gains, strict=True):
        assert _lufs(to_wav(pcm, gain_db=gain)) == pytest.approx(LISTENING_LUFS, abs=0.05)


def test_a_peak_lowers_both_and_silence_is_left_alone() -> None:
    click = make_tone(300.0, peak=0.01, duration_s=1.0)
    click[4000] = 32767
    plain = make_tone(300.0, peak=0.25, duration_s=1.0)
    silence = np.zeros(8000, np.int16)
    gains = level_gains([click, plain, silence])
    assert gains[2] == 0.0
    levels = [_lufs(to_wav(pcm, gain_db=g)) for pcm, g in zip([click, plain], gains, strict=False)]
    assert levels[0] == pytest.approx(levels[1], abs=0.1)
    assert levels[0] < LISTENING_LUFS - 1


def test_what_is_played_names_nothing() -> None:
    wav = to_wav(make_tone(300.0), gain_db=0.0)
    assert len(wav) == 44 + 2 * 8000
