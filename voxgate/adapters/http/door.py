"""Who is let in: keys, and where a server may listen without them."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

from starlette.requests import Request

from voxgate.adapters.http.limits import KeyLimits, Slot
from voxgate.adapters.http.tracing import trace_of
from voxgate.clock import utc_now
from voxgate.errors import AccessDeniedError, ConfigError, ExternalServiceError, LedgerError
from voxgate.serving.api_keys import (
    ANONYMOUS,
    ApiKey,
    KeyStore,
    authenticate,
    require_right,
    token_parts,
)
from voxgate.serving.ports import Caller
from voxgate.serving.requests import Lane

__all__ = ["Door", "KeyCache", "is_loopback", "require_safe_bind"]

_FRESH_S = 5.0
"""How long a revocation may take to be known here."""

_GRACE_S = 600.0
"""How long keys that were just read open while the database is away: real time goes on."""

_REMEMBERED = 1_024
_ANONYMOUS_RIGHTS = frozenset({"speak", "jobs", "campaigns", "metrics"})
_ANONYMOUS_LIMITS = {"per_minute": 600_000, "concurrency": 4_096}
"""Of its own machine nobody needs to be kept off; the queue of the lane still is bounded."""


def is_loopback(host: str) -> bool:
    """Tell whether an address, or `localhost`, is of this machine alone."""
    bare = host.strip("[]")
    if bare == "localhost":
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


def require_safe_bind(host: str, *, has_keys: bool, allow_anonymous: bool) -> None:
    """Stop before a server listens where anybody could make it speak.

    Raises:
        ConfigError: the address is not of this machine alone and there are no keys, or nobody at
            all could use the server.
    """
    if allow_anonymous and not is_loopback(host):
        raise ConfigError(
            "address",
            [
                f"{host}: without keys it listens on 127.0.0.1 or ::1 only; make keys "
                "(`voxgate keys create`) and leave anonymous use off"
            ],
        )
    if not has_keys and not allow_anonymous:
        raise ConfigError(
            "keys",
            [
                "there is no valid key, so nobody could use the server: `voxgate keys create`, or "
                "allow anonymous use on this machine"
            ],
        )


class KeyCache:
    """Keys as they were read a moment ago, so that not every request asks the database."""

    def __init__(self, store: KeyStore, *, now_s: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._now_s = now_s
        self._found: OrderedDict[str, tuple[float, float, ApiKey | None]] = OrderedDict()

    async def find(self, key_id: str) -> ApiKey | None:
        """Return a key as it was at most some seconds ago; longer while the database is away.

        Raises:
            LedgerError, ExternalServiceError: the database is away, and the key was not
                read lately.
        """
        never = float("-inf")
        read_s, asked_s, key = self._found.get(key_id, (never, never, None))
        now_s = self._now_s()
        if now_s - asked_s <= _FRESH_S:
            return key
        try:
            read_s, key = now_s, await asyncio.to_thread(self._store.find, key_id)
        except (LedgerError, ExternalServiceError):
            if key is None or now_s - read_s > _GRACE_S:
                raise
        self._found[key_id] = (read_s, now_s, key)
        self._found.move_to_end(key_id)
        while len(self._found) > _REMEMBERED:
            self._found.popitem(last=False)
        return key


class Door:
    """Lets callers in, each with what their key allows."""

    def __init__(
        self,
        keys: KeyStore | None,
        *,
        allow_anonymous: bool,
        now: Callable[[], datetime] = utc_now,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        if keys is None and not allow_anonymous:
            raise ConfigError("keys", ["expected a store of keys, or anonymous use to be allowed"])
        self._keys = None if keys is None else KeyCache(keys, now_s=now_s)
        self._anonymous = allow_anonymous
        self._now = now
        self._limits = KeyLimits(now_s=now_s)

    async def identify(self, request: Request, right: str | None = None) -> Caller:
        """Say who asks; `right` is what they need to have.

        Raises:
            AccessDeniedError: they are unknown, or lack the right.
        """
        return (await self._who(request, right))[0]

    async def enter(self, request: Request, right: str) -> tuple[Caller, Slot]:
        """Let a caller in who wants work done; the slot is to be left when it is.

        Raises:
            AccessDeniedError: as `identify`.
            RateLimitError, ConcurrencyLimitError: the key's own limits.
        """
        caller, limits = await self._who(request, right)
        return caller, self._limits.enter(caller.key_id, **limits)

    async def _who(self, request: Request, right: str | None) -> tuple[Caller, dict[str, int]]:
        token = _bearer(request)
        parts = None if token is None else token_parts(token)
        if parts is None and self._anonymous:
            # Clients of OpenAI always send some key; one that is not ours says nothing.
            _require_this_machine(request)
            rights, lane, limits = _ANONYMOUS_RIGHTS, Lane.REAL_TIME, _ANONYMOUS_LIMITS
            key_id, purpose = ANONYMOUS, "evaluation"
        else:
            key = await self._authenticate(parts)
            rights, lane = key.rights, key.key_class.lane
            limits = {"per_minute": key.per_minute, "concurrency": key.concurrency}
            key_id, purpose = key.key_id, key.purpose
        if right is not None:
            require_right(rights, right)
        trace = trace_of(request)
        caller = Caller(
            key_id=key_id,
            lane=lane,
            rights=rights,
            purpose=purpose,
            request_id=trace.request_id,
            trace_id=trace.trace_id,
        )
        return caller, limits

    async def _authenticate(self, parts: tuple[str, str] | None) -> ApiKey:
        if parts is None:
            raise AccessDeniedError(
                "expected `Authorization: Bearer vg_…` with a key of this server", known=False
            )
        if self._keys is None:
            return authenticate(None, parts[1], now=self._now())
        return authenticate(await self._keys.find(parts[0]), parts[1], now=self._now())


def _bearer(request: Request) -> str | None:
    given = request.headers.getlist("authorization")
    if len(given) != 1:
        return None
    scheme, _, token = given[0].partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _require_this_machine(request: Request) -> None:
    """Refuse what another machine sends, and what a page of another site lets a browser send.

    A name that was bound to 127.0.0.1 after the page was loaded is still that name in `Host`.
    """
    peer = request.client.host if request.client else ""
    name = request.url.hostname or ""
    if not is_loopback(peer) or not is_loopback(name):
        raise AccessDeniedError(
            "without a key this server answers its own machine only, by 127.0.0.1 or localhost",
            known=False,
        )
