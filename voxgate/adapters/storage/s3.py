"""Stored speech in a bucket, with addresses that the store checks (presigned), or the service.

Region, keys and endpoint are those of the AWS_* environment, as everywhere in voxgate. The bucket
should forbid public access, and encrypt.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any

from voxgate.clock import utc_now
from voxgate.errors import ExternalServiceError, StorageError
from voxgate.serving.jobs.assets import (
    PRIVATE_CACHING,
    ByteRange,
    StoredAsset,
    UnknownAssetError,
    UrlSigner,
    require_asset_id,
    require_caching,
)

__all__ = ["S3Assets"]

_BLOCK_BYTES = 1 << 16
_SHA256, _TAGS = "voxgate-sha256", "voxgate-tags"
_MOST_AT_ONCE = 1000
"""DeleteObjects takes so many."""
_SERVER_ERROR = 500


class S3Assets:
    """Objects of one bucket below a prefix; see `AssetStore`."""

    def __init__(
        self,
        bucket: str,
        prefix: str = "",
        *,
        endpoint: str | None = None,
        client: Any = None,
        signer: UrlSigner | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """Use a client of boto3, by default one of the environment (for another `endpoint`).

        With a `signer` addresses lead to the service that hands out the objects, not to the bucket.
        """
        self._signer, self._clock = signer, clock
        self._bucket = bucket
        self._start = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._client = client if client is not None else _make_client(endpoint)

    def put(
        self,
        asset_id: str,
        content: bytes,
        *,
        media_type: str,
        tags: Sequence[str] = (),
        cache_control: str = PRIVATE_CACHING,
    ) -> StoredAsset:
        """Store an object, which the store checks against its sha256; see `AssetStore.put`."""
        digest = sha256(content)
        metadata = {_SHA256: digest.hexdigest()}
        if require_caching(tags, cache_control):
            metadata[_TAGS] = ",".join(tags)
        with self._reporting("store", asset_id):
            self._client.put_object(
                **self._object(asset_id),
                Body=content,
                ContentType=media_type,
                CacheControl=cache_control,
                ChecksumSHA256=base64.b64encode(digest.digest()).decode(),
                Metadata=metadata,
            )
        return StoredAsset(
            asset_id=asset_id,
            media_type=media_type,
            bytes=len(content),
            sha256=digest.hexdigest(),
            tags=tuple(tags),
            cache_control=cache_control,
        )

    def describe(self, asset_id: str) -> StoredAsset:
        """Return what is stored; see `AssetStore.describe`.

        Raises:
            StorageError: somebody else stored the object.
        """
        with self._reporting("look for", asset_id):
            head = self._client.head_object(**self._object(asset_id))
        digest = head["Metadata"].get(_SHA256)
        if digest is None:
            raise StorageError(f"asset {asset_id}: no sha256 is stored with it; not from voxgate")
        tags, caching = head["Metadata"].get(_TAGS, ""), head.get("CacheControl", PRIVATE_CACHING)
        return StoredAsset(
            asset_id=asset_id,
            media_type=head["ContentType"],
            bytes=head["ContentLength"],
            sha256=digest,
            tags=tuple(filter(None, tags.split(","))),
            cache_control=caching,
        )

    def read(self, asset_id: str, part: ByteRange | None = None) -> Iterator[bytes]:
        """Yield the bytes of an object; see `AssetStore.read`."""
        place = {} if part is None else {"Range": f"bytes={part.start}-{part.stop - 1}"}
        with self._reporting("read", asset_id):
            body = self._client.get_object(**self._object(asset_id), **place)["Body"]
        return self._blocks(asset_id, body)

    def url(self, asset_id: str, *, ttl_s: int) -> str:
        """Return a presigned address, or the signer's; see `AssetStore.url`."""
        if self._signer is not None:
            return self._signer.url(asset_id, expires_s=int(self._clock().timestamp()) + ttl_s)
        with self._reporting("sign", asset_id):
            return str(
                self._client.generate_presigned_url(
                    "get_object", Params=self._object(asset_id), ExpiresIn=ttl_s
                )
            )

    def remove(self, asset_id: str) -> None:
        """Delete an object; see `AssetStore.remove`."""
        with self._reporting("remove", asset_id):
            self._client.delete_object(**self._object(asset_id))

    def remove_many(self, asset_ids: Sequence[str]) -> None:
        """Delete objects, a thousand at a time; see `AssetStore.remove_many`."""
        keys = [self._object(asset_id)["Key"] for asset_id in dict.fromkeys(asset_ids)]
        left: list[str] = []
        for start in range(0, len(keys), _MOST_AT_ONCE):
            objects = [{"Key": key} for key in keys[start : start + _MOST_AT_ONCE]]
            with self._reporting("remove", f"{len(objects)} of {len(keys)}"):
                answer = self._client.delete_objects(
                    Bucket=self._bucket, Delete={"Objects": objects, "Quiet": True}
                )
            left += [f"{fault['Key']} ({fault['Code']})" for fault in answer.get("Errors", ())]
        if left:
            raise StorageError(
                f"{len(left)} of {len(keys)} assets are left in s3://{self._bucket}: {left[0]}; "
                "check that the keys of AWS_* may delete there, then remove them again"
            )

    def _object(self, asset_id: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": f"{self._start}{require_asset_id(asset_id)}"}

    def _blocks(self, asset_id: str, body: Any) -> Iterator[bytes]:
        with body, self._reporting("read", asset_id):
            yield from body.iter_chunks(_BLOCK_BYTES)

    @contextmanager
    def _reporting(self, action: str, asset_id: str) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError

        where = f"asset {asset_id} in s3://{self._bucket}/{self._start}"
        try:
            yield
        except ClientError as error:
            problem = error.response.get("Error", {})
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            if problem.get("Code") in {"404", "NoSuchKey"}:
                raise UnknownAssetError(f"{where}: there is no such object (any more)") from None
            message = f"cannot {action} {where}: {problem.get('Code')} {problem.get('Message')}"
            if status >= _SERVER_ERROR:
                raise ExternalServiceError(f"{message}; try again") from error
            raise StorageError(f"{message}; check the bucket and the AWS_* settings") from error
        except BotoCoreError as error:
            raise ExternalServiceError(
                f"cannot {action} {where}: {error}. Check the AWS_* settings "
                "(AWS_ENDPOINT_URL_S3 for a store that is not Amazon's)"
            ) from error


def _make_client(endpoint: str | None) -> Any:
    import boto3
    from botocore.config import Config

    # Version 4 signs the time to live; many stores do not take version 2 any more.
    config = Config(signature_version="s3v4", connect_timeout=5, read_timeout=30)
    return boto3.client("s3", endpoint_url=endpoint, config=config)
