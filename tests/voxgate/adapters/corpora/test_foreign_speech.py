from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.fakes.debian import build_package
from voxgate.adapters.corpora.foreign_speech import load_spanish
from voxgate.errors import AssetError

pytestmark = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="needs dpkg-deb")
SOUNDS = "usr/share/asterisk/sounds/es_MX_f_Allison"


def test_recordings_of_a_useful_length_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    seconds = {"a-short": 1, "b-fits": 2, "c/fits": 3, "d-long": 16}
    files = {f"{SOUNDS}/{name}.g722": b"\x55" * (8000 * s) for name, s in seconds.items()}
    waves = load_spanish(tmp_path, package=build_package(tmp_path, "sounds-es", files))
    assert [round(len(wave) / 16_000) for wave in waves] == [2, 3]
    assert all(wave.ndim == 1 for wave in waves)


def test_a_package_without_recordings_is_named(tmp_path: Path) -> None:
    package = build_package(tmp_path, "sounds-es", {f"{SOUNDS}/a.g722": b"\x55" * 8000})
    with pytest.raises(
        AssetError, match=r"sounds-es_1\.0-1_all\.deb: expected G\.722 files of 1\.5"
    ):
        load_spanish(tmp_path, package=package)
