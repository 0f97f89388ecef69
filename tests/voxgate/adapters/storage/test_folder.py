"""What only a folder has; what all stores have is in test_storage_contract.py."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.fakes.memory import memory_folder
from voxgate.adapters.storage.folder import FolderAssets
from voxgate.errors import StorageError, UnsafePathError
from voxgate.serving.jobs.assets import UnknownAssetError, UrlSigner

SECRET = b"a secret of thirty-two bytes 012"
ID = "0123456789abcdef"
SIGNER = UrlSigner("http://127.0.0.1/a", SECRET)


@pytest.fixture
def root() -> Iterator[Path]:
    with memory_folder() as folder:
        yield folder / "speech"


@pytest.fixture
def store(root: Path) -> FolderAssets:
    return FolderAssets(root, SIGNER, clock=lambda: datetime.fromtimestamp(1000, UTC))


def _put(store: FolderAssets) -> None:
    store.put(ID, b"0123456789", media_type="audio/wav")


def test_others_on_the_machine_read_nothing(store: FolderAssets, root: Path) -> None:
    _put(store)
    assert stat.S_IMODE(root.stat().st_mode) == 0o700
    assert stat.S_IMODE((root / "01" / ID).stat().st_mode) == 0o600


def test_an_address_is_good_for_as_long_as_was_asked(store: FolderAssets) -> None:
    url = store.url(ID, ttl_s=60)
    query = {name: value for name, [value] in parse_qs(urlsplit(url).query).items()}
    assert query["expires"] == "1060"
    SIGNER.require_valid(ID, **query, now_s=1059.0)


def test_a_file_of_which_nothing_is_known_does_not_exist(store: FolderAssets, root: Path) -> None:
    """A kill between the two files leaves this."""
    _put(store)
    (root / "01" / f"{ID}.json").unlink()
    with pytest.raises(UnknownAssetError):
        store.describe(ID)
    with pytest.raises(UnknownAssetError):
        store.read(ID)
    _put(store)
    assert b"".join(store.read(ID)) == b"0123456789"
    store.remove(ID)
    assert list((root / "01").iterdir()) == []


def test_a_file_that_was_cut_is_not_handed_out(store: FolderAssets, root: Path) -> None:
    _put(store)
    (root / "01" / ID).write_bytes(b"0123")
    with pytest.raises(StorageError, match=r"expected 10 bytes, .* has 4; it was altered"):
        store.read(ID)


def test_facts_that_are_damaged_are_said_to_be(store: FolderAssets, root: Path) -> None:
    _put(store)
    for damage in ("{", "{}", "[]"):
        (root / "01" / f"{ID}.json").write_text(damage)
        with pytest.raises(StorageError, match="is damaged"):
            store.describe(ID)


def test_a_link_does_not_lead_out(store: FolderAssets, root: Path) -> None:
    _put(store)
    secret = root.parent / "secret"
    secret.write_bytes(b"9876543210")
    (root / "01" / ID).unlink()
    (root / "01" / ID).symlink_to(secret)
    with pytest.raises(StorageError, match="cannot read"):
        store.read(ID)
    outside = root.parent / "outside"
    outside.mkdir()
    (root / "ff").symlink_to(outside)
    with pytest.raises(UnsafePathError, match="leads out of"):
        store.put("ff23456789", b"", media_type="audio/wav")
    assert list(outside.iterdir()) == []


def test_a_full_disk_leaves_nothing(
    store: FolderAssets, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StorageError, match="No space left on device"):
        _put(store)
    monkeypatch.undo()
    with pytest.raises(UnknownAssetError):
        store.describe(ID)
    assert [path for path in root.rglob("*") if path.is_file()] == []
