"""What only a bucket has; what all stores have is in test_storage_contract.py."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.config import Config
from moto.server import ThreadedMotoServer

from tests.fakes.postgres import free_port
from voxgate.adapters.storage.s3 import S3Assets
from voxgate.errors import ExternalServiceError, StorageError
from voxgate.serving.jobs.assets import SHARED_CACHING, UnknownAssetError, UrlSigner

ID = "0123456789abcdef"


def _client(endpoint: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(
            signature_version="s3v4", connect_timeout=1, retries={"total_max_attempts": 1}
        ),
    )


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    client = _client(f"http://127.0.0.1:{moto.get_host_and_port()[1]}")
    client.create_bucket(Bucket="speech")
    yield client
    moto.stop()


def test_an_address_is_presigned_and_leads_to_the_bytes_and_to_parts(client: Any) -> None:
    store = S3Assets("speech", "assets", client=client)
    store.put(ID, b"0123456789", media_type="audio/wav")
    url = store.url(ID, ttl_s=60)
    query = parse_qs(urlsplit(url).query)
    assert (query["X-Amz-Expires"], query["X-Amz-Algorithm"]) == (["60"], ["AWS4-HMAC-SHA256"])
    with urllib.request.urlopen(url) as answer:
        assert (answer.read(), answer.headers["Content-Type"]) == (b"0123456789", "audio/wav")
        assert answer.headers["Cache-Control"] == "private, no-store"
    part = urllib.request.Request(url, headers={"Range": "bytes=2-4"})
    with urllib.request.urlopen(part) as answer:
        assert (answer.status, answer.read()) == (206, b"234")


def test_an_address_can_be_the_services_own(client: Any) -> None:
    signer = UrlSigner("https://speech.example/a", b"a secret of thirty-two bytes 012")
    store = S3Assets(
        "speech", client=client, signer=signer, clock=lambda: datetime.fromtimestamp(1000, UTC)
    )
    url = urlsplit(store.url(ID, ttl_s=60))
    query = {name: value for name, [value] in parse_qs(url.query).items()}
    assert (url.hostname, query["expires"]) == ("speech.example", "1060")
    signer.require_valid(ID, **query, now_s=1059.0)


def test_a_shared_object_tells_caches_so(client: Any) -> None:
    store = S3Assets("speech", "assets", client=client)
    store.put(ID, b"1", media_type="audio/wav", tags=["model-7", "b"], cache_control=SHARED_CACHING)
    with urllib.request.urlopen(store.url(ID, ttl_s=60)) as answer:
        assert answer.headers["Cache-Control"] == SHARED_CACHING
        assert answer.headers["x-amz-meta-voxgate-tags"] == "model-7,b"


def test_a_thousand_are_removed_at_a_time(client: Any) -> None:
    asked: list[int] = []

    def note(params: dict[str, Any], **_others: Any) -> None:
        asked.append(len(params["Delete"]["Objects"]))

    client.meta.events.register("provide-client-params.s3.DeleteObjects", note)
    store = S3Assets("speech", "many", client=client)
    store.put(ID, b"1", media_type="audio/wav")
    store.remove_many([ID, *(f"{n:040x}" for n in range(2_100)), ID])
    client.meta.events.unregister("provide-client-params.s3.DeleteObjects", note)
    assert asked == [1_000, 1_000, 101]
    with pytest.raises(UnknownAssetError):
        store.describe(ID)


def test_objects_that_the_bucket_keeps_are_told(client: Any) -> None:
    class Refusing:
        def delete_objects(self, **wanted: Any) -> dict[str, Any]:
            first = wanted["Delete"]["Objects"][0]["Key"]
            return {"Errors": [{"Key": first, "Code": "AccessDenied", "Message": "no"}]}

    with pytest.raises(StorageError, match=rf"1 of 2 .* left .*a/{ID} \(AccessDenied\)"):
        S3Assets("speech", "a", client=Refusing()).remove_many([ID, ID[::-1]])
    with pytest.raises(StorageError, match="NoSuchBucket"):
        S3Assets("nowhere", client=client).remove_many([ID])


def test_objects_lie_below_the_prefix(client: Any) -> None:
    S3Assets("speech", "/a/b/", client=client).put(ID, b"1", media_type="audio/wav")
    S3Assets("speech", client=client).put(ID, b"2", media_type="audio/wav")
    keys = {row["Key"] for row in client.list_objects_v2(Bucket="speech")["Contents"]}
    assert {f"a/b/{ID}", ID} <= keys


def test_an_object_of_somebody_else_is_not_ours(client: Any) -> None:
    client.put_object(Bucket="speech", Key="fedcba9876543210", Body=b"?")
    with pytest.raises(StorageError, match="not from voxgate"):
        S3Assets("speech", client=client).describe("fedcba9876543210")


def test_a_bucket_that_is_not_there_is_a_fault_of_the_set_up(client: Any) -> None:
    with pytest.raises(StorageError, match=r"NoSuchBucket .* check the bucket"):
        S3Assets("nowhere", client=client).put(ID, b"", media_type="audio/wav")


def test_a_store_that_is_away_may_come_back() -> None:
    store = S3Assets("speech", client=_client(f"http://127.0.0.1:{free_port()}"))
    with pytest.raises(ExternalServiceError, match="cannot store asset"):
        store.put(ID, b"", media_type="audio/wav")
