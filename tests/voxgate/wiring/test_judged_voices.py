from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.evaluation_workspace import noise
from voxgate.errors import VoiceError
from voxgate.evaluation.spoken import Line
from voxgate.executors import SerialExecutor
from voxgate.voice.replay import write_replay
from voxgate.wiring.judged_voices import pooled_voice

LINE = Line(text="The line is open", seed=7, limit_s=5.0)


def package(folder: Path, number: int) -> Path:
    write_replay(folder, {LINE.text: noise(number)}, consent_scope="evaluation")
    return folder


def test_workers_load_a_package_of_either_kind(tmp_path: Path) -> None:
    (spoken,) = pooled_voice(
        SerialExecutor(), package(tmp_path / "voice", 1), threads=1
    ).speak_lines([LINE])
    assert (spoken.wave == noise(1)).all()


def test_a_package_that_was_replaced_meanwhile_speaks_nothing(tmp_path: Path) -> None:
    voice = pooled_voice(SerialExecutor(), package(tmp_path / "voice", 1), threads=1)
    package(tmp_path / "voice", 2)
    with pytest.raises(VoiceError, match="it was replaced meanwhile"):
        list(voice.speak_lines([LINE]))


def test_a_folder_that_is_no_package_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(VoiceError, match=r"voice\.json"):
        pooled_voice(SerialExecutor(), tmp_path, threads=1)
