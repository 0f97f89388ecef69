"""What an owner of a GPU loads, on a processor that passes for one."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.gpu import KIND, MIB, FakeMemory, measured
from tests.fakes.tiny_preset import TINY_DURATIONS
from tests.fakes.tiny_served_voice import write_tiny
from voxgate.errors import VoiceError
from voxgate.serving.pool.memory_budget import DeviceMemoryError, UnmeasuredError
from voxgate.serving.pool.memory_table import MeasuredVoice, MemoryTable
from voxgate.serving.requests import PackagedVoice
from voxgate.speaking import load_voice
from voxgate.speaking.options import SpeakingOptions
from voxgate.stage import Workspace
from voxgate.wiring import device_voices
from voxgate.wiring.device_voices import load_device_voice, main, measure_device_voice
from voxgate.wiring.speech_devices import memory_file

TEXT = "Bring the kettle. Close the door."


class Growing(FakeMemory):
    """Needs a MiB more each time that it is asked."""

    def peak_bytes(self) -> int:
        self.peak = self.resets * MIB
        return self.peak


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> FakeMemory:
    from models.gpt_sovits import presets

    monkeypatch.setattr(
        presets, "PRESETS", {**presets.PRESETS, TINY_DURATIONS.name: TINY_DURATIONS}
    )
    found = Growing()
    monkeypatch.setattr(device_voices, "GpuMemory", lambda device: found)
    monkeypatch.setattr(device_voices, "load_served_voice", on_the_processor)
    return found


def on_the_processor(folder: Path, *, device: str, root: Path, **how: Any) -> Any:
    assert device == "cuda:0"
    return load_voice(folder, **how)


@pytest.fixture
def package(tmp_path: Path) -> PackagedVoice:
    return write_tiny(tmp_path / "voice", TINY_DURATIONS)


def load(package: PackagedVoice, root: Path) -> Any:
    return load_device_voice(package.folder, threads=1, precision="float32", root=root)


def keep(root: Path, row: MeasuredVoice) -> None:
    file = memory_file(Workspace(root))
    file.parent.mkdir(parents=True, exist_ok=True)
    MemoryTable.read(file).with_row(row).write(file)


def test_a_voice_is_measured_and_then_speaks_within_that(
    memory: FakeMemory, package: PackagedVoice, tmp_path: Path
) -> None:
    row = measure_device_voice(package.folder, precision="float32", root=tmp_path)
    assert (row.voice, row.precision, row.device) == (package.digest, "float32", KIND)
    assert row.longest > 300
    assert row.prompt_phones == 300
    keep(tmp_path, row)
    voice = load(package, tmp_path)
    pieces = list(voice.speak_sentences(TEXT, seed=1, options=SpeakingOptions()))
    alone = load_voice(package.folder, threads=1)
    same = list(alone.speak_sentences(TEXT, seed=1))
    assert [piece.wave.tobytes() for piece in pieces] == [piece.wave.tobytes() for piece in same]
    memory.room = 0
    with pytest.raises(DeviceMemoryError, match="a sentence of"):
        list(voice.speak_sentences(TEXT, seed=1, options=SpeakingOptions()))


def test_a_voice_that_was_not_measured_is_not_loaded(
    memory: FakeMemory, package: PackagedVoice, tmp_path: Path
) -> None:
    keep(tmp_path, measured((4, 9), voice="cd" * 32))
    with pytest.raises(UnmeasuredError, match=r"--version V --precision float32` before"):
        load(package, tmp_path)


def test_a_voice_that_does_not_fit_is_not_loaded(
    memory: FakeMemory, package: PackagedVoice, tmp_path: Path
) -> None:
    keep(tmp_path, measured((4, 9), voice=package.digest, loaded=4 * MIB))
    memory.room = 4 * MIB - 1
    with pytest.raises(DeviceMemoryError, match=f"the voice {package.digest[:12]} needs 4 MiB"):
        load(package, tmp_path)
    memory.room = 4 * MIB
    assert load(package, tmp_path).measured.voice == package.digest


def test_a_precision_of_processors_is_refused(
    memory: FakeMemory, package: PackagedVoice, tmp_path: Path
) -> None:
    with pytest.raises(VoiceError, match="int8 is for processors"):
        load_device_voice(package.folder, threads=1, precision="int8", root=tmp_path)


def test_the_program_prints_the_row_or_why_there_is_none(
    memory: FakeMemory,
    package: PackagedVoice,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["-", str(package.folder), "float32", str(tmp_path)])
    assert main() == 0
    row = MeasuredVoice.from_document(json.loads(capsys.readouterr().out))
    assert row.voice == package.digest
    monkeypatch.setattr(sys, "argv", ["-", str(tmp_path / "none"), "float32", str(tmp_path)])
    assert main() == 1
    assert "none" in capsys.readouterr().err
