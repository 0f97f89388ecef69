"""The header by which a request that is sent again is known."""

from __future__ import annotations

from starlette.requests import Request

from voxgate.errors import SpeechRequestError

__all__ = ["idempotency_key", "require_idempotency_key"]

_LONGEST = 255


def idempotency_key(request: Request, why: str) -> str:
    """Return what names a request; `why` says to whom it is missing what it is for.

    Raises:
        SpeechRequestError: there is none, or there are several.
    """
    given = request.headers.getlist("idempotency-key")
    if not given:
        raise SpeechRequestError(
            "Idempotency-Key",
            "idempotency_key_missing",
            f"Idempotency-Key: this header is needed, so that {why}; a random UUID will do",
        )
    if len(given) > 1:
        raise SpeechRequestError(
            "Idempotency-Key", "ambiguous_request", "header Idempotency-Key: given twice"
        )
    return given[0]


def require_idempotency_key(key: str) -> str:
    """Return a key that can be kept.

    Raises:
        SpeechRequestError: it is empty, too long, or has characters that do not print.
    """
    if not (0 < len(key) <= _LONGEST and key.isascii() and key.isprintable()):
        raise SpeechRequestError(
            "Idempotency-Key",
            "idempotency_key_invalid",
            f"Idempotency-Key: expected 1 to {_LONGEST} printable ASCII characters, got "
            f"{len(key)} characters; a random UUID will do",
        )
    return key
