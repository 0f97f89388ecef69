"""Who hears the challenger (canary), and whose request it speaks unheard (shadow): pure decisions.

A share is taken by hash, so that equal requests are always treated alike, whichever process is
asked; a share that grows keeps those that were in it. The challenger's number is hashed too: not
the same callers meet every new version.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from voxgate.errors import ConfigError
from voxgate.files import digest_json
from voxgate.release.trials import share_faults
from voxgate.serving.releases.served_state import ServedVersion
from voxgate.serving.requests import Lane

__all__ = ["Challenger", "OnTrial", "Routing", "RoutingRules", "route"]

_WHOLE = 1000


@dataclass(frozen=True, kw_only=True)
class RoutingRules:
    """Shares in thousandths of the requests, 0 for none: whole numbers, so that all count alike.

    Raises:
        ConfigError: a share is out of its range, 0 to 50 for the canary, 0 to 1000 for the shadow.
    """

    canary_per_mille: int = 0
    shadow_per_mille: int = 0

    def __post_init__(self) -> None:
        faults = list(share_faults(**vars(self)))
        if faults:
            raise ConfigError("routing", faults)


@dataclass(frozen=True, kw_only=True)
class Challenger:
    """The version that may follow the live one; only an approved one may be `hearable`."""

    version: int
    hearable: bool


@dataclass(frozen=True, kw_only=True)
class OnTrial:
    """The trial that is on, as a request meets it: what `route` asks, and the version itself.

    `number` names the trial; sums are kept under it.
    """

    number: int
    challenger: Challenger
    rules: RoutingRules
    ready: ServedVersion


@dataclass(frozen=True, kw_only=True)
class Routing:
    """Which version answers; `shadow` is one that speaks too, is measured, and thrown away."""

    version: int
    share: Literal["live", "canary", "pinned"]
    shadow: int | None = None


def route(
    request_digest: str,
    live: int,
    challenger: Challenger | None,
    rules: RoutingRules,
    *,
    pinned: int | None = None,
    lane: Lane = Lane.REAL_TIME,
) -> Routing:
    """Decide which version answers a request, and whether the challenger speaks it unheard.

    A request that names its version gets that one, and batches get the live one: neither is part of
    a trial. What the canary answers is not shadowed, for the challenger has spoken it.

    Args:
        request_digest: names the request, or the key whose requests shall be treated alike.
        live: the live version.
        challenger: None where there is none.
        rules: the shares.
        pinned: the version that the request names.
        lane: of the request.
    """
    if pinned is not None:
        return Routing(version=pinned, share="pinned")
    if challenger is None or challenger.version == live or lane is Lane.BATCH:
        return Routing(version=live, share="live")
    version = challenger.version
    if challenger.hearable and _drawn("canary", request_digest, version, rules.canary_per_mille):
        return Routing(version=version, share="canary")
    shadowed = _drawn("shadow", request_digest, version, rules.shadow_per_mille)
    return Routing(version=live, share="live", shadow=version if shadowed else None)


def _drawn(share: str, request_digest: str, version: int, per_mille: int) -> bool:
    number = int(digest_json([share, request_digest, version])[:16], 16)
    return number * _WHOLE >> 64 < per_mille
