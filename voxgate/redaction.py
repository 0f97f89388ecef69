"""Addresses as they may be shown: with whoever they name, and without what they would let in by.

A URL carries secrets in three places: `user:password@`, the query (`?password=…`, `?token=…`), and,
of webhooks, the path itself. The drivers quote whole URLs in what they raise.
"""

from __future__ import annotations

import re

__all__ = ["redacted", "redacted_webhook"]

HIDDEN = "***"
_USER_INFO = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*:/+)(?P<user>[^/?#\s]*)@")
_SECRET = (
    r"[a-z0-9_.-]*(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key"
    r"|credential|signature|authorization|sig)[a-z0-9_.-]*"
)
# In a query, in a libpq connection string (`password='…'`), as a pair of JSON or of a header.
_PAIR = re.compile(
    rf"(?i)(?P<name>\b{_SECRET})(?P<sign>[\"']?\s*[=:]\s*(?:bearer\s+|basic\s+)?)"
    r"(?P<value>\"[^\"]*\"|'[^']*'|[^\s&;,)\"']+)"
)
_WEBHOOK = re.compile(r"^(?P<host>[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#\s]*).*$", re.DOTALL)


def redacted(text: str) -> str:
    """Return a message or a URL with every password in it hidden; the user name stays."""
    return _PAIR.sub(_hide_value, _USER_INFO.sub(_hide_password, text))


def redacted_webhook(url: str) -> str:
    """Return where a webhook goes: its path is what lets messages in, so the host alone is left."""
    return redacted(_WEBHOOK.sub(rf"\g<host>/{HIDDEN}", url))


def _hide_password(found: re.Match[str]) -> str:
    name, colon, _ = found["user"].partition(":")
    # Without a colon it may be a token (`https://TOKEN@host`), which is a name only at a database.
    shown = f"{name}:{HIDDEN}" if colon else name
    return f"{found['scheme']}{shown}@"


def _hide_value(found: re.Match[str]) -> str:
    return f"{found['name']}{found['sign']}{HIDDEN}"
