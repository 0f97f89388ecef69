"""Times that people type."""

from __future__ import annotations

from datetime import UTC, datetime

from voxgate.errors import ConfigError

__all__ = ["parse_moment"]


def parse_moment(name: str, time: str) -> datetime:
    """Return an ISO time, which is UTC where it names no zone; `name` is what it was given as.

    Raises:
        ConfigError: it is no time.
    """
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        raise ConfigError(name, [f"expected 2026-11-22T14:00, got {time!r}"]) from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
