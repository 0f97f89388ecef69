import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.tiny_preset import install_tiny_preset
from tests.fakes.voice_package import CARD, voice_files
from voxgate.errors import VoiceError, WeightsError
from voxgate.files import read_json, write_json
from voxgate.speaking import load_voice
from voxgate.voice.package import write_voice


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    install_tiny_preset(monkeypatch)


@pytest.fixture
def package(tmp_path) -> Path:
    write_voice(tmp_path / "voice", CARD, voice_files())
    return tmp_path / "voice"


@pytest.mark.parametrize("name", ["s1.safetensors", "s2.safetensors", "reference.safetensors"])
def test_an_altered_or_absent_file_is_named(package, name):
    data = (package / name).read_bytes()
    (package / name).write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(WeightsError, match=rf"{name}: expected sha256 .* found"):
        load_voice(package)

    (package / name).unlink()
    with pytest.raises(WeightsError, match=f"{name} is missing"):
        load_voice(package)


def test_a_card_that_names_a_path_outside_the_package_is_refused(package):
    card = read_json(package / "voice.json")
    card["files"]["../s3.safetensors"] = "0" * 64
    write_json(package / "voice.json", card)

    with pytest.raises(WeightsError, match="not a plain file name"):
        load_voice(package)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": 2}, "not a voice card of schema 1"),
        ({"preset": "huge"}, "preset 'huge' is not known"),
        ({"preset": "mini"}, "does not fit its preset"),
        ({"colour": "red"}, "not a voice card of schema 1"),
    ],
)
def test_a_card_that_does_not_fit_is_refused(package, change, message):
    write_json(package / "voice.json", read_json(package / "voice.json") | change)

    with pytest.raises(VoiceError, match=message):
        load_voice(package)


def test_a_folder_without_a_card_is_no_voice(tmp_path):
    with pytest.raises(VoiceError, match=r"voice\.json is missing"):
        load_voice(tmp_path)


def test_loading_needs_no_evaluator_and_no_orchestrator(package):
    """What a serving process imports, with the tiny preset put in its place by hand."""
    script = """
import sys
from pathlib import Path
import pytest
from tests.fakes.tiny_preset import install_tiny_preset
install_tiny_preset(pytest.MonkeyPatch())
before = set(sys.modules)
from voxgate.speaking import load_voice
load_voice(Path(sys.argv[1])).speak("Bring the kettle.", seed=1)
heavy = {"whisper", "speechbrain", "prefect", "mlflow", "dvc", "great_expectations", "pandas"}
print(sorted(heavy & {name.partition(".")[0] for name in set(sys.modules) - before}))
"""
    answer = subprocess.run(
        [sys.executable, "-c", script, str(package)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )

    assert answer.stdout.strip() == "[]"
