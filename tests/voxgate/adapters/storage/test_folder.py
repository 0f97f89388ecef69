"""What only a folder has; what all stores have is in test_storage_contract.py."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.fakes.memory import memory_folder
from voxgate.adapters.storage.folder import FolderAssets
from voxgate.errors import StorageError, UnsafePathError
from voxgate.serving.jobs.assets import (
    PRIVATE_CACHING,
    SHARED_CACHING,
    UnknownAssetError,
    UrlSigner,
)

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


def test_a_kill_between_the_file_and_what_is_known_of_it_leaves_no_half(
    store: FolderAssets, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_path: Path, _value: object) -> None:
        raise KeyboardInterrupt

    store.put(ID, b"old", media_type="audio/wav", tags=["old"], cache_control=SHARED_CACHING)
    with monkeypatch.context() as patched:
        patched.setattr("voxgate.adapters.storage.folder.write_json", killed)
        with pytest.raises(KeyboardInterrupt):
            store.put(ID, b"newer", media_type="audio/wav", tags=["new"])
    with pytest.raises(UnknownAssetError):
        store.describe(ID)
    store.remove_many([ID])
    assert list((root / "01").iterdir()) == []


def test_what_was_stored_before_there_were_tags_is_read(store: FolderAssets, root: Path) -> None:
    _put(store)
    facts = root / "01" / f"{ID}.json"
    known = json.loads(facts.read_text())
    facts.write_text(
        json.dumps({k: known[k] for k in ("asset_id", "media_type", "bytes", "sha256")})
    )
    assert (store.describe(ID).tags, store.describe(ID).cache_control) == ((), PRIVATE_CACHING)


def test_one_that_cannot_be_removed_keeps_no_other(
    store: FolderAssets, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [f"{n}123456789" for n in range(3)]
    for asset_id in ids:
        store.put(asset_id, b"1", media_type="audio/wav")
    unlink = Path.unlink

    def refused(path: Path, **options: bool) -> None:
        if path.name.startswith(ids[0]):
            raise PermissionError(13, "Permission denied")
        unlink(path, **options)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refused)
        with pytest.raises(StorageError, match=r"2 files of assets are left: .*Permission denied"):
            store.remove_many(ids)
    assert [path.name for path in sorted(root.rglob("*")) if path.is_file()] == [
        ids[0], f"{ids[0]}.json",
    ]  # fmt: skip


def test_all_are_gone_for_readers_before_any_bytes_are_deleted(
    store: FolderAssets, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids, order, unlink = [f"{n}123456789" for n in range(20)], [], Path.unlink
    for asset_id in ids:
        store.put(asset_id, b"1", media_type="audio/wav")

    def noting(path: Path, **options: bool) -> None:
        order.append(path.suffix)
        unlink(path, **options)

    monkeypatch.setattr(Path, "unlink", noting)
    store.remove_many(ids)
    assert order == [".json"] * 20 + [""] * 20


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
