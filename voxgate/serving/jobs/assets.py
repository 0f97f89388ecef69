"""Stored speech: how a file is named, how its address is signed, which part of it is asked for.

A name is random or an HMAC, never a hash of the text: a plain content address would let anybody
ask whether the file for "Hello Anna" exists. An address is good until a time that is signed too.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from voxgate.errors import AccessDeniedError, SpeechError, SpeechRequestError, UnsafePathError
from voxgate.files import canonical_json

__all__ = [
    "MEDIA_TYPES",
    "PRIVATE_CACHING",
    "SHARED_CACHING",
    "ByteRange",
    "StoredAsset",
    "UnknownAssetError",
    "UrlSigner",
    "keyed_asset_id",
    "parse_range",
    "random_asset_id",
    "require_asset_id",
    "require_caching",
]

MEDIA_TYPES: Mapping[str, str] = {
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "pcm": "audio/pcm",
    "ulaw": "audio/wav",
}
"""By the name that a request has for the format."""

PRIVATE_CACHING = "private, no-store"
"""Nobody on the way keeps a copy: speech may hold personal data. A file has it by itself."""

SHARED_CACHING = "public, max-age=3600, s-maxage=31536000, immutable"
"""A file never changes: a network of caches, which can be told to forget, keeps it for a year.
Players, which nobody reaches, keep it for an hour."""

LEAST_SECRET_BYTES = 24

_ASSET_ID = re.compile(r"[a-z0-9]{8,64}")
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_ID_BYTES = 20
_CACHING = re.compile(r"[a-z0-9][a-z0-9=, -]{0,199}")
_TAG = re.compile(r"[a-z0-9][a-z0-9._:@-]{0,119}")
_MOST_TAGS = 16
_LONGEST_TAGS = 1000
"""S3 keeps 2 KB of metadata with an object."""


class UnknownAssetError(SpeechError):
    """There is no stored file of this name (any more)."""


@dataclass(frozen=True, kw_only=True)
class StoredAsset:
    """A file in a store; its true size, and the sha256 of its bytes.

    `tags` are by what caches can be told to forget it.
    """

    asset_id: str
    media_type: str
    bytes: int
    sha256: str
    tags: tuple[str, ...] = ()
    cache_control: str = PRIVATE_CACHING


@dataclass(frozen=True, kw_only=True)
class ByteRange:
    """The bytes from `start` up to, but not with, `stop`."""

    start: int
    stop: int


def random_asset_id() -> str:
    """Return a name that nobody can guess."""
    return secrets.token_hex(_ID_BYTES)


def keyed_asset_id(secret: bytes, facts: Mapping[str, str | int]) -> str:
    """Return the name that belongs to `facts` for those who have the secret."""
    _require_secret(secret)
    mac = hmac.new(secret, canonical_json(dict(facts)).encode(), hashlib.sha256)
    return mac.hexdigest()[: 2 * _ID_BYTES]


def require_asset_id(asset_id: str) -> str:
    """Return the id when it can be the name of a file in any store.

    Raises:
        UnsafePathError: it is no id; a path, for instance.
    """
    if not _ASSET_ID.fullmatch(asset_id):
        raise UnsafePathError(
            f"asset id {asset_id[:80]!r}: expected 8 to 64 characters of a-z and 0-9"
        )
    return asset_id


def require_caching(tags: Sequence[str], cache_control: str) -> tuple[str, ...]:
    """Return the tags when a file can be stored with them and with this `Cache-Control`.

    Raises:
        ValueError: they cannot stand in a header, or are too many to be kept with a file.
    """
    for tag in tags:
        if not _TAG.fullmatch(tag):
            raise ValueError(
                f"tag {tag[:130]!r}: expected up to 120 characters of a-z, 0-9 and . _ : @ -, "
                "beginning with a letter or digit"
            )
    if len(tags) > _MOST_TAGS or len(",".join(tags)) > _LONGEST_TAGS:
        raise ValueError(
            f"{len(tags)} tags: at most {_MOST_TAGS}, and {_LONGEST_TAGS} characters in all"
        )
    if not _CACHING.fullmatch(cache_control):
        raise ValueError(f"Cache-Control {cache_control[:80]!r}: expected e.g. {SHARED_CACHING}")
    return tuple(tags)


class UrlSigner:
    """Addresses of files that this service hands out itself: `BASE/ID?expires=…&signature=…`."""

    def __init__(self, base_url: str, secret: bytes) -> None:
        """Take the address below which the files are, without a slash at its end.

        Raises:
            ValueError: the secret has fewer than `LEAST_SECRET_BYTES` bytes.
        """
        _require_secret(secret)
        self._base_url = base_url.rstrip("/")
        self._secret = secret

    def url(self, asset_id: str, *, expires_s: int) -> str:
        """Return an address that is good until `expires_s` (seconds since 1970)."""
        signature = self._signature(require_asset_id(asset_id), expires_s)
        query = urlencode({"expires": expires_s, "signature": signature})
        return f"{self._base_url}/{asset_id}?{query}"

    def require_valid(self, asset_id: str, *, expires: str, signature: str, now_s: float) -> None:
        """Stop unless the query of an address was signed here and its time is not over.

        The comparison takes the same time wherever the signatures differ.

        Raises:
            UnsafePathError: `asset_id` is no id.
            AccessDeniedError: the signature does not fit, or the time is over.
        """
        require_asset_id(asset_id)
        number = expires if re.fullmatch(r"[0-9]{1,12}", expires) else "0"
        due = self._signature(asset_id, int(number))
        if not hmac.compare_digest(due.encode(), signature.encode()):
            raise AccessDeniedError(
                "the signature of this address does not fit; ask for the job's address again",
                known=False,
            )
        if int(number) <= now_s:
            raise AccessDeniedError(
                "this address is not good any more; ask for the job's address again", known=False
            )

    def _signature(self, asset_id: str, expires_s: int) -> str:
        text = f"GET\n{asset_id}\n{expires_s}"
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()


def parse_range(header: str | None, size: int) -> ByteRange | None:
    """Return which bytes of a file of `size` a `Range` header asks for; None is all of it.

    Several ranges at once, and units other than bytes, are answered with all of it, as RFC 9110
    (14.2) allows.

    Raises:
        SpeechRequestError: code `range_not_satisfiable` (status 416): nothing lies there.
    """
    found = None if header is None else _RANGE.fullmatch(header.strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if first == "":  # the last so many bytes
        start, stop = max(0, size - int(last)), size
    else:
        start, stop = int(first), size if last == "" else min(int(last) + 1, size)
        if last != "" and int(last) < int(first):
            return None  # no valid range at all, so it is as if there were none
    if start >= stop:
        raise SpeechRequestError(
            "Range",
            "range_not_satisfiable",
            f"Range: nothing lies there, the file has {size} bytes",
        )
    return ByteRange(start=start, stop=stop)


def _require_secret(secret: bytes) -> None:
    if len(secret) < LEAST_SECRET_BYTES:
        raise ValueError(
            f"expected a secret of at least {LEAST_SECRET_BYTES} random bytes, got {len(secret)}"
        )
