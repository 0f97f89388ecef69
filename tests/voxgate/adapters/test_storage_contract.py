"""One suite for every store of speech: a folder, and S3 as moto has it."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.fakes.memory import memory_folder
from voxgate.adapters.storage.folder import FolderAssets
from voxgate.adapters.storage.s3 import S3Assets
from voxgate.errors import UnsafePathError
from voxgate.serving.jobs.assets import (
    PRIVATE_CACHING,
    SHARED_CACHING,
    ByteRange,
    UnknownAssetError,
    UrlSigner,
    random_asset_id,
)
from voxgate.serving.jobs.ports import AssetStore

SECRET = b"a secret of thirty-two bytes 012"
CONTENT = bytes(range(256)) * 1000


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    yield f"http://127.0.0.1:{moto.get_host_and_port()[1]}"
    moto.stop()


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[AssetStore]:
    if request.param == "folder":
        with memory_folder() as folder:
            yield FolderAssets(folder / "speech", UrlSigner("http://127.0.0.1/a", SECRET))
        return
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", request.getfixturevalue("s3_endpoint"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    boto3.client("s3").create_bucket(Bucket="speech")
    yield S3Assets("speech", "assets/")


def _put(store: AssetStore, content: bytes = CONTENT) -> str:
    asset_id = random_asset_id()
    store.put(asset_id, content, media_type="audio/wav")
    return asset_id


def test_what_is_stored_has_its_true_size_and_digest(store: AssetStore) -> None:
    asset_id = random_asset_id()
    stored = store.put(asset_id, CONTENT, media_type="audio/mpeg")
    assert stored == store.describe(asset_id)
    assert (stored.asset_id, stored.media_type) == (asset_id, "audio/mpeg")
    assert (stored.bytes, stored.sha256) == (len(CONTENT), sha256(CONTENT).hexdigest())
    assert b"".join(store.read(asset_id)) == CONTENT


def test_what_caches_are_told_is_stored_with_the_file(store: AssetStore) -> None:
    asset_id, tags = random_asset_id(), ("campaign-spring", "model-voice-en@7")
    stored = store.put(
        asset_id, CONTENT, media_type="audio/mpeg", tags=tags, cache_control=SHARED_CACHING
    )
    assert stored == store.describe(asset_id)
    assert (stored.tags, stored.cache_control) == (tags, SHARED_CACHING)
    store.put(asset_id, CONTENT, media_type="audio/mpeg")
    again = store.describe(asset_id)
    assert (again.tags, again.cache_control) == ((), PRIVATE_CACHING)


@pytest.mark.parametrize(
    ("tags", "cache_control", "said"),
    [
        (["a,b"], PRIVATE_CACHING, "tag 'a,b'"),
        (["a b"], PRIVATE_CACHING, "tag 'a b'"),
        (["a\r\nSet-Cookie: b"], PRIVATE_CACHING, "tag"),
        (["Model-7"], PRIVATE_CACHING, "a-z"),
        ([""], PRIVATE_CACHING, "tag ''"),
        (["a" * 121], PRIVATE_CACHING, "tag 'aaa"),
        ([f"a{n}" for n in range(17)], PRIVATE_CACHING, "17 tags: at most 16"),
        (["a" * 120] * 9, PRIVATE_CACHING, "1000 characters in all"),
        ([], "public\r\nX: y", "Cache-Control"),
        ([], "", "Cache-Control"),
    ],
)
def test_what_cannot_stand_in_a_header_is_not_stored(
    store: AssetStore, tags: list[str], cache_control: str, said: str
) -> None:
    asset_id = random_asset_id()
    with pytest.raises(ValueError, match=said):
        store.put(asset_id, b"1", media_type="audio/wav", tags=tags, cache_control=cache_control)
    with pytest.raises(UnknownAssetError):
        store.describe(asset_id)


@pytest.mark.parametrize(("start", "stop"), [(0, 1), (5, 70_005), (255_999, 256_000)])
def test_a_part_is_read(store: AssetStore, start: int, stop: int) -> None:
    part = ByteRange(start=start, stop=stop)
    assert b"".join(store.read(_put(store), part)) == CONTENT[start:stop]


def test_an_empty_file_is_a_file(store: AssetStore) -> None:
    asset_id = _put(store, b"")
    assert store.describe(asset_id).bytes == 0
    assert b"".join(store.read(asset_id)) == b""


def test_a_file_is_replaced_as_a_whole(store: AssetStore) -> None:
    asset_id = _put(store)
    store.put(asset_id, b"shorter", media_type="audio/wav")
    assert store.describe(asset_id).sha256 == sha256(b"shorter").hexdigest()
    assert b"".join(store.read(asset_id)) == b"shorter"


def test_what_was_removed_is_unknown_and_removing_it_again_is_no_error(store: AssetStore) -> None:
    asset_id = _put(store)
    other = _put(store)
    for _ in range(2):
        store.remove(asset_id)
    with pytest.raises(UnknownAssetError, match=asset_id):
        store.describe(asset_id)
    with pytest.raises(UnknownAssetError, match=asset_id):
        store.read(asset_id)
    assert b"".join(store.read(other)) == CONTENT


def test_many_are_removed_at_once_and_again(store: AssetStore) -> None:
    gone, kept = [_put(store, b"1") for _ in range(5)], _put(store)
    store.remove_many([])
    for _ in range(2):
        store.remove_many([*gone, gone[0], random_asset_id()])
    for asset_id in gone:
        with pytest.raises(UnknownAssetError, match=asset_id):
            store.describe(asset_id)
    with pytest.raises(UnsafePathError, match="asset id"):
        store.remove_many([kept, "../../etc/passwd"])
    assert b"".join(store.read(kept)) == CONTENT


@pytest.mark.parametrize("bad", ["../../etc/passwd", "/etc/passwd", "", "a/b/c/d/e/f"])
def test_a_path_is_no_id(store: AssetStore, bad: str) -> None:
    for attempt in (
        lambda: store.put(bad, b"", media_type="audio/wav"),
        lambda: store.describe(bad),
        lambda: store.read(bad),
        lambda: store.url(bad, ttl_s=60),
        lambda: store.remove(bad),
    ):
        with pytest.raises(UnsafePathError, match="asset id"):
            attempt()
