"""Purging at Cloudflare by tag: `POST /zones/{zone}/purge_cache` with `{"tags": […]}`.

https://developers.cloudflare.com/cache/how-to/purge-cache/purge-by-tags/: every plan has it; the
smallest allows 5 calls a minute. Files come to be there with the header `Cache-Tag`.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from voxgate.adapters.notices.loopback import is_loopback
from voxgate.campaigns.recall.purge import PurgeResult
from voxgate.errors import ConfigError, DeliveryError, ExternalServiceError
from voxgate.settings import Settings

__all__ = ["Cloudflare", "open_cloudflare"]

MOST_TAGS = 30
"""A call. It was the limit for years; newer pages say 100."""

ATTEMPTS = 5
TIMEOUT_S = (3.0, 20.0)
"""To connect, and between two bytes of the answer."""

_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 60.0
_TRY_AGAIN = (408, 425, 429)
_ZONE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LONGEST_ANSWER = 65_536


@dataclass(frozen=True, kw_only=True)
class Cloudflare:
    """One zone of Cloudflare; implements `CachePurge`. `wait` sleeps for so many seconds."""

    zone: str
    token: SecretStr = field(repr=False)
    base_url: str
    wait: Callable[[float], None] = time.sleep

    def purge(self, tags: Sequence[str]) -> PurgeResult:
        """Purge up to 30 tags a call; see `CachePurge.purge`."""
        wanted = tuple(dict.fromkeys(tags))
        parts = [wanted[start : start + MOST_TAGS] for start in range(0, len(wanted), MOST_TAGS)]
        for done, part in enumerate(parts):
            self._purge(part, done=done * MOST_TAGS, of=len(wanted))
        return PurgeResult(cache="cloudflare", tags=wanted, calls=len(parts))

    def _purge(self, tags: Sequence[str], *, done: int, of: int) -> None:
        pause_s = _FIRST_WAIT_S
        for attempt in range(1, ATTEMPTS + 1):
            problem, asked_s = self._call(tags)
            if problem is None:
                return
            if attempt < ATTEMPTS:
                self.wait(min(_LONGEST_WAIT_S, max(pause_s, asked_s)))
                pause_s *= 2
        raise ExternalServiceError(
            f"{problem}, {ATTEMPTS} times; {done} of {of} tags are purged. Purge them again: it "
            "does no harm"
        )

    def _call(self, tags: Sequence[str]) -> tuple[str | None, float]:
        """Return what to try again for and the seconds that it asks for; None: it is done.

        Raises:
            DeliveryError: it would fail again.
        """
        import requests

        url = f"{self.base_url}/zones/{self.zone}/purge_cache"
        headers = {"Authorization": f"Bearer {self.token.get_secret_value()}"}
        try:
            # A redirect would take the token to a place that nobody has named.
            with requests.post(
                url,
                json={"tags": list(tags)},
                headers=headers,
                auth=_keep,  # or a .netrc would be taken in its place
                timeout=TIMEOUT_S,
                allow_redirects=False,
                stream=True,
            ) as answer:
                status, body = answer.status_code, _document(answer)
                asked_s = _seconds(answer.headers.get("Retry-After"))
        except requests.RequestException as error:
            return f"the cache at {self._host} did not answer: {type(error).__name__}", 0.0
        said = f"the cache at {self._host} answered {status}{_reasons(body)}"
        if status in _TRY_AGAIN or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return said, asked_s
        if status != HTTPStatus.OK or body.get("success") is not True:
            raise DeliveryError(
                f"{said}, expected 200 and success. Check VOXGATE_CDN_ZONE, and that "
                "VOXGATE_CDN_TOKEN may purge there (Zone > Cache Purge)"
            )
        return None, 0.0

    @property
    def _host(self) -> str:
        return str(urlsplit(self.base_url).hostname)


def open_cloudflare(settings: Settings) -> Cloudflare | None:
    """Return the zone of the settings, if there is one.

    Raises:
        ConfigError: its name, address or token cannot be used; the token is not shown.
    """
    if settings.cdn_zone is None:
        return None
    token = "" if settings.cdn_token is None else settings.cdn_token.get_secret_value().strip()
    faults = [*_address_faults(settings.cdn_url)]
    if not _ZONE.fullmatch(settings.cdn_zone):
        faults.append("VOXGATE_CDN_ZONE: expected the id of a zone, letters and digits")
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        faults.append("VOXGATE_CDN_TOKEN: expected an API token that may purge the zone's cache")
    if faults:
        raise ConfigError("cdn", faults)
    return Cloudflare(
        zone=settings.cdn_zone, token=SecretStr(token), base_url=settings.cdn_url.rstrip("/")
    )


def _address_faults(url: str) -> list[str]:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return ["VOXGATE_CDN_URL: expected a URL"]
    plain = parts.scheme == "http" and host is not None and is_loopback(host)
    if host and (parts.scheme == "https" or plain) and not parts.query and not parts.username:
        return []
    return ["VOXGATE_CDN_URL: expected https://…, or http://… on loopback"]


def _keep(request: Any) -> Any:
    return request


def _document(answer: Any) -> dict[str, Any]:
    """Return the JSON object of an answer; what is none has no members."""
    try:
        found = json.loads(answer.raw.read(_LONGEST_ANSWER, decode_content=True))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _reasons(body: dict[str, Any]) -> str:
    """Return Cloudflare's codes; its words are not ours to repeat."""
    errors = body.get("errors")
    found = errors if isinstance(errors, list) else []
    codes = [str(error["code"]) for error in found if isinstance(error, dict) and "code" in error]
    return f" (code {', '.join(codes)[:80]})" if codes else ""


def _seconds(header: str | None) -> float:
    return float(header) if header is not None and re.fullmatch(r"[0-9]{1,6}", header) else 0.0
