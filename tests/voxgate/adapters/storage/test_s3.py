"""What only a bucket has; what all stores have is in test_storage_contract.py."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.config import Config
from moto.server import ThreadedMotoServer

from tests.fakes.postgres import free_port
from voxgate.adapters.storage.s3 import S3Assets
from voxgate.errors import ExternalServiceError, StorageError

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
