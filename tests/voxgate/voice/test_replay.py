from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.evaluation_workspace import noise
from voxgate.errors import VoiceError, WeightsError
from voxgate.evaluation.checkpoints import read_checkpoint
from voxgate.files import read_json, write_json
from voxgate.voice.replay import ReplayVoice, load_replay, write_replay


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "step-000001"
    write_replay(folder, {"two": noise(2), "one": noise(1)}, consent_scope="evaluation")
    return folder


def test_a_package_plays_what_was_put_in(package: Path) -> None:
    voice = load_replay(package)
    assert (voice.speak("one", seed=9).wave == noise(1)).all()
    assert (voice.speak("two", seed=9).wave == noise(2)).all()


def test_a_package_is_a_checkpoint_like_any_other(package: Path, tmp_path: Path) -> None:
    found = read_checkpoint(package)
    assert (found.step, found.consent_scope) == (1, "evaluation")
    write_replay(tmp_path / "other", {"one": noise(3)}, consent_scope="evaluation")
    assert read_checkpoint(tmp_path / "other").digest != found.digest


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("0000.flac", None, r"0000\.flac is missing"),
        ("0001.flac", b"other", r"0001\.flac is not the recording that voice\.json names"),
    ],
)
def test_a_changed_recording_is_refused(
    package: Path, name: str, content: bytes | None, message: str
) -> None:
    if content is None:
        (package / name).unlink()
    else:
        (package / name).write_bytes(content)
    with pytest.raises(WeightsError, match=message):
        load_replay(package)


def test_a_recording_outside_the_package_is_refused(package: Path) -> None:
    card = read_json(package / "voice.json")
    (package.parent / "0000.flac").write_bytes((package / "0000.flac").read_bytes())
    card["recordings"][0]["file"] = "../0000.flac"
    write_json(package / "voice.json", card)
    with pytest.raises(WeightsError, match="is missing"):
        load_replay(package)


def test_a_folder_of_another_kind_is_refused(package: Path, tmp_path: Path) -> None:
    write_json(tmp_path / "voice.json", {"schema": 1, "consent_scope": "evaluation"})
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(VoiceError, match="is not a replay package"):
            load_replay(folder)


def test_a_recording_is_played_whatever_the_seed() -> None:
    voice = ReplayVoice({"one": noise(1)}, sample_rate_hz=16_000)
    assert (voice.speak("one", seed=1).wave == noise(1)).all()
    assert (voice.speak("one", seed=2).wave == noise(1)).all()


def test_a_recording_of_each_seed_is_played_for_its_seed() -> None:
    voice = ReplayVoice({"one": {3: noise(3), 4: noise(4)}})
    assert (voice.speak("one", seed=4).wave == noise(4)).all()
    with pytest.raises(VoiceError, match="no recording of 'one' for seed 5"):
        voice.speak("one", seed=5)
    with pytest.raises(VoiceError, match="no recording of 'two'"):
        voice.speak("two", seed=3)
