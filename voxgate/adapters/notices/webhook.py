"""Notifications to a webhook, signed as the Standard Webhooks specification says (version 1).

https://github.com/standard-webhooks/standard-webhooks: `webhook-id` is the notice's key, the same
on every attempt; `webhook-signature` is `v1,` and the base64 of HMAC-SHA256 over id, time and body.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

from pydantic import SecretStr

from voxgate.adapters.notices.loopback import is_loopback
from voxgate.errors import ConfigError, DeliveryError, ExternalServiceError
from voxgate.files import canonical_json
from voxgate.release.notices import Notice
from voxgate.settings import Settings

__all__ = ["Webhook", "open_webhook"]

TIMEOUT_S = (3.0, 10.0)
"""To connect, and between two bytes of the answer."""

MIN_SECRET_BYTES = 24
_SECRET_PREFIX = "whsec_"  # noqa: S105  # the specification's, no secret
_TRY_AGAIN = (408, 425, 429)


@dataclass(frozen=True)
class Webhook:
    """A receiver of notifications; implements `Channel`. `clock` gives seconds since 1970."""

    url: str = field(repr=False)
    secret: bytes = field(repr=False)
    timeout_s: tuple[float, float]
    clock: Callable[[], float] = time.time

    @property
    def name(self) -> str:
        """Name of the channel."""
        return "webhook"

    def send(self, notice: Notice) -> None:
        """Post the notice as JSON; see `Channel.send`. Only a status of 2xx acknowledges."""
        import requests

        body = canonical_json({**vars(notice), "at": notice.at.isoformat()}).encode()
        timestamp = str(int(self.clock()))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": notice.key,
            "webhook-id": notice.key,
            "webhook-timestamp": timestamp,
            "webhook-signature": self._sign(notice.key, timestamp, body),
        }
        try:
            # A redirect would take the signed body to a place that nobody has named.
            with requests.post(
                self.url,
                data=body,
                headers=headers,
                timeout=self.timeout_s,
                allow_redirects=False,
                stream=True,
            ) as answer:
                status = answer.status_code
        except requests.RequestException as error:
            # Its text names the URL, and a webhook's URL is often its secret.
            raise ExternalServiceError(
                f"the webhook at {self._host} did not answer: {type(error).__name__}"
            ) from None
        if status in _TRY_AGAIN or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ExternalServiceError(f"the webhook at {self._host} answered {status}")
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise DeliveryError(f"the webhook at {self._host} answered {status}, expected 2xx")

    @property
    def _host(self) -> str:
        return str(urlsplit(self.url).hostname)

    def _sign(self, key: str, timestamp: str, body: bytes) -> str:
        signed = b".".join((key.encode(), timestamp.encode(), body))
        digest = hmac.new(self.secret, signed, hashlib.sha256).digest()
        return f"v1,{base64.b64encode(digest).decode()}"


def open_webhook(settings: Settings) -> Webhook | None:
    """Return the webhook of the settings, if there is one.

    Raises:
        ConfigError: its address or its secret cannot be used; neither is shown.
    """
    if settings.webhook_url is None:
        return None
    url = settings.webhook_url.get_secret_value()
    faults = [*_address_faults(url)]
    secret = b"" if settings.webhook_secret is None else _decode(settings.webhook_secret)
    if len(secret) < MIN_SECRET_BYTES:
        faults.append(
            f"VOXGATE_WEBHOOK_SECRET: expected base64 of at least {MIN_SECRET_BYTES} random bytes: "
            "openssl rand -base64 32"
        )
    if faults:
        raise ConfigError("webhook", faults)
    return Webhook(url, secret, TIMEOUT_S)


def _address_faults(url: str) -> list[str]:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return ["VOXGATE_WEBHOOK_URL: expected a URL"]
    if parts.scheme == "https" and host:
        return []
    if parts.scheme == "http" and host and is_loopback(host):
        return []
    return ["VOXGATE_WEBHOOK_URL: expected https://…, or http://… on loopback"]


def _decode(secret: SecretStr) -> bytes:
    text = secret.get_secret_value().strip()
    try:
        return base64.b64decode(text.removeprefix(_SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return b""
