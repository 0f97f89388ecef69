"""All scenarios by number, and the run through those that were chosen."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from scripts.load import jobs, lanes, lifetime, losses, outages, sameness
from scripts.load.bench import Bench
from scripts.load.machine import Watch
from scripts.load.rows import Row
from scripts.load.target import LoadError

__all__ = ["DEFAULT", "SCENARIOS", "Run", "Scenario", "run_scenarios"]

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """`seconds` is about how long it takes at scale 1 on two idle cores."""

    title: str
    run: Callable[[Bench], Awaitable[list[Row]]]
    seconds: float
    on_plain: bool = False
    """Whether the straightforward server is put through it too."""

    on_demand: bool = False
    """Whether it is run only where it is asked for by its number."""


SCENARIOS = {
    "L1": Scenario(title="one request at a time", run=lanes.one_by_one, seconds=15, on_plain=True),
    "L2": Scenario(title="Poisson arrivals", run=lanes.at_rates, seconds=69, on_plain=True),
    "L3": Scenario(title="over capacity", run=lanes.over_capacity, seconds=36, on_plain=True),
    "L4": Scenario(title="beside a batch flood", run=lanes.beside_a_flood, seconds=40),
    "L5": Scenario(title="64 clients, two profiles", run=sameness.mixed_clients, seconds=55),
    "L6": Scenario(title="equal requests, cold", run=sameness.cold_duplicates, seconds=5),
    "L7": Scenario(title="cache hits", run=lanes.cached, seconds=12),
    "L8": Scenario(title="workers killed", run=losses.killed_workers, seconds=55),
    "L9": Scenario(title="server killed, jobs in flight", run=jobs.killed_servers, seconds=45),
    "L10": Scenario(title="Redis away, emptied", run=outages.queue_away, seconds=95),
    "L11": Scenario(title="PostgreSQL away", run=outages.database_away, seconds=100),
    "L12": Scenario(title="clients who leave", run=losses.leaving_clients, seconds=28),
    "L13": Scenario(title="soak, 20 minutes", run=lifetime.soak, seconds=1_210, on_demand=True),
    "L14": Scenario(title="slow readers", run=losses.slow_readers, seconds=38),
    "L15": Scenario(title="promotion under load", run=lifetime.promotion, seconds=65),
}

DEFAULT = tuple(name for name, scenario in SCENARIOS.items() if not scenario.on_demand)


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one scenario found; `machine` says what else the machine did meanwhile."""

    name: str
    rows: list[Row]
    machine: str
    took_s: float


async def run_scenarios(bench: Bench, chosen: Iterable[str]) -> list[Run]:
    """Run scenarios one after the other.

    One that cannot be run is a row that says why; the others go on, with a new server.
    """
    runs = []
    for name in chosen:
        scenario, watch, began_s = SCENARIOS[name], Watch(), time.monotonic()
        _LOGGER.info("%s: %s, about %.0f s", name, scenario.title, scenario.seconds * bench.scale)
        rows: list[Row] = []
        try:
            rows = await scenario.run(bench)
        except* (LoadError, OSError) as errors:
            rows = [Row(scenario=name, what=scenario.title, value=None, note=_first(errors))]
        if any(row.value is None and row.what == scenario.title for row in rows):
            await bench.restart()
        for row in rows:  # a fault in a later scenario does not lose them
            _LOGGER.info("  %s: %s %s %s", row.what, row.value, row.unit, row.note)
        runs.append(
            Run(
                name=name,
                rows=rows,
                machine=str(watch.read()),
                took_s=time.monotonic() - began_s,
            )
        )
    return runs


def _first(errors: BaseExceptionGroup[BaseException]) -> str:
    """Return what the first of the errors says, however deep it lies."""
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error)
