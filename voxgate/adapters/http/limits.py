"""How often a key may ask, and how much of it may be in flight; in memory, by one process."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from voxgate.adapters.http.faults import ConcurrencyLimitError, RateLimitError

__all__ = ["KeyLimits", "Slot"]

_MINUTE_S = 60.0
_SOON_S = 1.0


@dataclass
class _Account:
    """A token bucket: full it holds a minute's requests, and it is refilled evenly."""

    tokens: float
    at_s: float
    in_flight: int = 0


class Slot:
    """A request that was let in. `leave` it once, whatever became of the request."""

    def __init__(self, account: _Account, headers: Mapping[str, str]) -> None:
        self._account: _Account | None = account
        self.headers = headers

    def leave(self) -> None:
        """Make room for another request of the key; a second call does nothing."""
        if self._account is not None:
            self._account.in_flight -= 1
            self._account = None


class KeyLimits:
    """The accounts of all keys. Call it from one thread: the event loop's."""

    def __init__(self, *, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._accounts: dict[str, _Account] = {}

    def enter(self, key_id: str, *, per_minute: int, concurrency: int) -> Slot:
        """Let one more request of a key in.

        Raises:
            ConcurrencyLimitError: it has too many in flight.
            RateLimitError: it asked too often; says when it may again.
        """
        now_s = self._now_s()
        account = self._accounts.setdefault(key_id, _Account(tokens=per_minute, at_s=now_s))
        earned = (now_s - account.at_s) * per_minute / _MINUTE_S
        account.tokens, account.at_s = min(float(per_minute), account.tokens + earned), now_s
        if account.in_flight >= concurrency:
            raise ConcurrencyLimitError(
                f"this key may have {concurrency} requests at once; wait until one has ended",
                retry_after_s=_SOON_S,
                yours=True,
            )
        if account.tokens < 1:
            raise RateLimitError(
                f"this key may ask {per_minute} times a minute",
                retry_after_s=(1 - account.tokens) * _MINUTE_S / per_minute,
                yours=True,
            )
        account.tokens -= 1
        account.in_flight += 1
        return Slot(account, _headers(account, per_minute))


def _headers(account: _Account, per_minute: int) -> dict[str, str]:
    """Say what is left, as draft-ietf-httpapi-ratelimit-headers-10 and later write it."""
    full_in_s = math.ceil((per_minute - account.tokens) * _MINUTE_S / per_minute)
    return {
        "RateLimit-Policy": f'"key";q={per_minute};w={_MINUTE_S:.0f}',
        "RateLimit": f'"key";r={int(account.tokens)};t={full_in_s}',
    }
