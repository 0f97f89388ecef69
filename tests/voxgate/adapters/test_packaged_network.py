"""A network of a package is the pinned one, or nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from voxgate.adapters.packaged_network import open_packaged_network
from voxgate.adapters.silero.detector import WEIGHTS_SHA256
from voxgate.errors import WeightsError

FILE = ("data", "net.onnx")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    folder = tmp_path / "carries_a_network"
    (folder / "data").mkdir(parents=True)
    (folder / "__init__.py").write_text("raise AssertionError('imported')")
    (folder / "data" / "net.onnx").write_bytes(b"other")
    monkeypatch.syspath_prepend(str(tmp_path))
    return folder.name


def test_another_file_is_refused_and_the_package_not_imported(package: str) -> None:
    with pytest.raises(WeightsError, match=r"net.onnx has sha256 d9298a10d1b073583.*expected 00"):
        open_packaged_network(package, FILE, sha256="00", what="an ear", threads=1)
    assert package not in sys.modules


@pytest.mark.parametrize("file", [("data", "absent.onnx"), ("net.onnx",)])
def test_an_absent_file_says_who_needs_it(package: str, file: tuple[str, ...]) -> None:
    with pytest.raises(WeightsError, match=rf"an ear needs {file[-1]} of the package {package}"):
        open_packaged_network(package, file, sha256="00", what="an ear", threads=1)


def test_the_pinned_one_is_opened() -> None:
    file = ("data", "silero_vad_16k_sequence.onnx")
    session = open_packaged_network(
        "silero_vad", file, sha256=WEIGHTS_SHA256, what="an ear", threads=1
    )
    assert session.get_inputs()
