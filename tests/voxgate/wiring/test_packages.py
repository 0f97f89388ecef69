from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fakes.release_site import ReleaseSite
from voxgate.errors import ExternalServiceError, StorageError
from voxgate.release.ports.registry import Registry
from voxgate.release.records import Release
from voxgate.voice.card import card_digest, read_card
from voxgate.wiring.packages import registered_package


@pytest.fixture
def release(release_site: ReleaseSite) -> Release:
    version = release_site.offer(1)
    return release_site.desk.ledger.read(release_site.desk.model).require(version)


def _away() -> Registry:
    raise ExternalServiceError("the registry does not answer")


def test_a_package_is_fetched_once(
    release: Release, release_site: ReleaseSite, tmp_path: Path
) -> None:
    folder = tmp_path / "packages" / "one"
    with pytest.raises(ExternalServiceError):
        registered_package(release, folder, connect=_away)
    assert registered_package(release, folder, connect=release_site.desk.connect) == folder
    assert card_digest(folder) == release.origin.model_digest
    assert registered_package(release, folder, connect=_away) == folder


def _alter_card(folder: Path) -> None:
    _alter(folder / "voice.json")


def _alter_weights(folder: Path) -> None:
    _alter(folder / next(iter(read_card(folder).files)))


def _remove_card(folder: Path) -> None:
    (folder / "voice.json").unlink()


def _remove_weights(folder: Path) -> None:
    (folder / next(iter(read_card(folder).files))).unlink()


def _alter(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")


@pytest.mark.parametrize("alter", [_alter_card, _alter_weights, _remove_card, _remove_weights])
def test_an_altered_package_is_moved_aside_and_never_returned(
    release: Release,
    release_site: ReleaseSite,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    alter: Callable[[Path], None],
) -> None:
    folder = registered_package(release, tmp_path / "one", connect=release_site.desk.connect)
    alter(folder)
    with pytest.raises(ExternalServiceError):
        registered_package(release, folder, connect=_away)
    (aside,) = tmp_path.glob("one.altered-*")
    assert f"is kept as {aside.name}: find out who changed it" in caplog.text
    assert not folder.exists()
    registered_package(release, folder, connect=release_site.desk.connect)
    assert card_digest(folder) == release.origin.model_digest
    assert registered_package(release, folder, connect=_away) == folder


def test_an_altered_package_that_cannot_be_moved_is_refused(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "one").mkdir()
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(StorageError, match=r"cannot be moved aside: Permission denied.*by hand"):
        registered_package(release, tmp_path / "one", connect=_away)
