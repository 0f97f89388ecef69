"""Messages as they may be shown: without what a URL in them would let somebody in by.

Drivers quote whole URLs in what they raise. A URL carries secrets as `user:password@` and in its
query (`?password=…`, `&X-Amz-Signature=…`); a connection string of PostgreSQL as `password=…`.
"""

from __future__ import annotations

import re

__all__ = ["redacted", "safe_cause"]

HIDDEN = "***"

_PASSWORD = re.compile(
    # `//host:80/a@b` has no user: digits and a slash are a port and a path.
    r"(?P<before>[a-zA-Z][a-zA-Z0-9+.-]*:/{1,3}[^:/?#@\s]*:)(?!\d{1,5}[/?#])[^\s\"'<>]*(?=@)"
)
_TOKEN = re.compile(r"(?P<before>\b(?:git\+)?https?://)[^:/?#@\s]+(?=@)")
"""The only word before the host of a web address is a token as often as a name."""

_FIELD = re.compile(
    r"(?P<name>(?<![\w.-])(?:[\w-]*(?:password|passwd|passphrase|secret|signature|credential)"
    r"|pwd|sig|auth|[\w-]*(?:access|auth|api|security|session)[_-]?(?:key|token)|key|token)=)"
    r"(?:'[^']*'|\"[^\"]*\"|[^\s&;,)'\"]+)",
    re.IGNORECASE,
)
_HEADER = re.compile(r"(?P<name>\b(?:Bearer|Basic)\s+)[A-Za-z0-9+/=._~-]{8,}")


def redacted(text: str) -> str:
    """Return a message or a URL with every password in it hidden; names and hosts stay."""
    hidden = _TOKEN.sub(rf"\g<before>{HIDDEN}", _PASSWORD.sub(rf"\g<before>{HIDDEN}", text))
    return _HEADER.sub(rf"\g<name>{HIDDEN}", _FIELD.sub(rf"\g<name>{HIDDEN}", hidden))


def safe_cause(error: BaseException) -> BaseException | None:
    """Return an error to raise another one from; None where a traceback would show a password."""
    chain: BaseException | None = error
    while chain is not None:
        if redacted(str(chain)) != str(chain):
            return None
        chain = chain.__cause__ or (None if chain.__suppress_context__ else chain.__context__)
    return error
