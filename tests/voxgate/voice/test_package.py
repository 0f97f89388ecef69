from pathlib import Path

import pytest
import safetensors.torch
import torch

from tests.fakes.voice_package import CARD, voice_files
from voxgate.errors import TrainingError
from voxgate.voice.package import write_voice


@pytest.fixture
def package(tmp_path) -> Path:
    write_voice(tmp_path / "voice", CARD, voice_files())
    return tmp_path / "voice"


def test_weights_that_overflow_float16_are_not_written(tmp_path):
    weights = {"w": torch.tensor([1e6])}

    with pytest.raises(TrainingError, match="s1: weights are not finite as float16: w"):
        write_voice(tmp_path / "voice", CARD, voice_files(s1=weights))
    assert not (tmp_path / "voice").exists()


def test_the_same_voice_has_the_same_bytes(tmp_path, package):
    spectrogram = safetensors.torch.load_file(package / "reference.safetensors")["spectrogram"]
    files = voice_files(reference_spectrogram=spectrogram.float())
    write_voice(tmp_path / "again", CARD, files)

    for path in package.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()
