"""The clock: UTC, and asked in one place only."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from voxgate.clock import utc_now

ROOT = Path(__file__).resolve().parents[2]
ASKS = re.compile(r"datetime\.now|datetime\.utcnow|date\.today|datetime\.today|time\.time\(")


def test_the_time_is_in_utc() -> None:
    assert utc_now().tzinfo is UTC
    assert abs(utc_now() - datetime.now(UTC)) < timedelta(seconds=10)


def test_nobody_else_asks_the_machine_for_the_time_of_day() -> None:
    sources = [path for top in ("flows", "tasks", "voxgate", "models") for path in _sources(top)]
    asking = [path for path in sources if ASKS.search((ROOT / path).read_text(encoding="utf-8"))]
    assert asking == ["voxgate/clock.py"]


def _sources(top: str) -> list[str]:
    return sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / top).rglob("*.py"))
