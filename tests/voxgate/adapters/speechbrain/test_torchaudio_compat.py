from __future__ import annotations

import subprocess
import sys

import pytest

from voxgate.adapters.speechbrain.torchaudio_compat import import_torchaudio

_BROKEN = """
import builtins, importlib, sys
real = importlib.import_module
failed = []
def failing(name, *rest):
    if name == "torchaudio" and not failed:
        failed.append(name)
        raise OSError("libcudart.so.13: cannot open shared object file")
    return real(name, *rest)
importlib.import_module = failing
from voxgate.adapters.speechbrain.torchaudio_compat import import_torchaudio
torchaudio = import_torchaudio()
assert failed
assert not sys.modules["torchaudio._extension"]._IS_TORCHAUDIO_EXT_AVAILABLE
import torch
print(torchaudio.transforms.MelSpectrogram(n_mels=8)(torch.zeros(1, 8000)).shape[1])
try:
    torchaudio.functional.forced_align(
        torch.zeros(1, 4, 3), torch.ones(1, 1, dtype=torch.int32)
    )
except RuntimeError as error:
    print(error)
"""


def test_torchaudio_imports_here() -> None:
    assert import_torchaudio().__name__ == "torchaudio"


def test_without_its_extension_the_python_parts_work_and_the_rest_says_why() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _BROKEN], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    bands, message = done.stdout.strip().splitlines()
    assert bands == "8"
    assert "its C++ functions (forced_align) are absent" in message


@pytest.mark.parametrize("name", ["torchaudio.functional", "torchaudio.transforms"])
def test_submodules_are_those_of_the_imported_package(name: str) -> None:
    torchaudio = import_torchaudio()

    assert getattr(torchaudio, name.split(".")[1]) is sys.modules[name]
