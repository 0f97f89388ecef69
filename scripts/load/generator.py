"""An open loop: requests start when they were planned to, however the server fares.

A closed loop, in which a client waits for its answer before it asks again, asks less of a slow
server and so leaves out the latencies that matter (coordinated omission). Here every latency is
counted from the planned instant, and a generator that was late itself reports nothing.
"""

from __future__ import annotations

import asyncio
import gc
import math
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from scripts.load.machine import Observed, Watch
from scripts.load.wire import Answer

__all__ = ["MAX_LATENESS_S", "Point", "Sent", "open_loop", "percentile", "poisson", "underruns"]

MAX_LATENESS_S = 0.005
"""Of the generator itself, at the 99th percentile; a point that was later is not measured."""

_BYTES_A_SAMPLE = 2
_P99 = 99.0
_LEAD_S = 0.1


def poisson(rate_hz: float, duration_s: float, *, seed: int) -> list[float]:
    """Return the planned instants, in seconds from the start: arrivals that know of no other."""
    numbers = random.Random(seed)  # noqa: S311  # arrivals, no secret
    planned, at_s = [], numbers.expovariate(rate_hz)
    while at_s < duration_s:
        planned.append(at_s)
        at_s += numbers.expovariate(rate_hz)
    return planned


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that `share` percent of the values do not exceed.

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("no values")
    return sorted(values)[max(0, math.ceil(len(values) * share / 100) - 1)]


def underruns(answer: Answer, rate_hz: int) -> int:
    """Count the pieces that came after a player that began with the first one needed them."""
    played_until_s, late = None, 0
    for at_s, size in answer.arrivals:
        if played_until_s is None:
            played_until_s = at_s
        elif at_s > played_until_s:
            late += 1
            played_until_s = at_s  # the player has stopped, and goes on now
        played_until_s += size / (rate_hz * _BYTES_A_SAMPLE)
    return late


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One planned request; instants are of `time.monotonic`."""

    number: int
    planned_s: float
    started_s: float
    answer: Answer

    @property
    def lateness_s(self) -> float:
        """How much later than planned it was started."""
        return self.started_s - self.planned_s

    @property
    def first_s(self) -> float | None:
        """Seconds from the planned instant to the first audio; None without audio."""
        first = self.answer.first_at_s
        return first - self.planned_s if self.answer.is_good and first is not None else None

    @property
    def whole_s(self) -> float:
        """Seconds from the planned instant to the end of the answer."""
        return self.answer.ended_at_s - self.planned_s


@dataclass(frozen=True, kw_only=True)
class Point:
    """What became of the requests of one run after its warm-up."""

    sent: tuple[Sent, ...]
    observed: Observed

    @property
    def good(self) -> list[Sent]:
        """Those that were answered with audio to the end."""
        return [one for one in self.sent if one.answer.is_good]

    @property
    def statuses(self) -> Counter[int]:
        """How many answers had which status; 0 is none at all."""
        return Counter(one.answer.status for one in self.sent)

    @property
    def failed(self) -> int:
        """How many were not answered to their end."""
        return len(self.sent) - len(self.good)

    @property
    def failures(self) -> str:
        """Say what came instead of whole answers, and how often; empty if nothing did."""
        bad = [one.answer for one in self.sent if not one.answer.is_good]
        found = Counter(answer.fault or str(answer.status) for answer in bad)
        return ", ".join(f"{number} x {what}" for what, number in found.most_common())

    @property
    def lateness_s(self) -> float:
        """How late the generator was, at the 99th percentile."""
        return percentile([one.lateness_s for one in self.sent], _P99)

    @property
    def fault(self) -> str | None:
        """Say why this is no measurement; None if it is one."""
        if not self.sent:
            return "no request fell into the measured time"
        if self.lateness_s > MAX_LATENESS_S:
            return (
                f"the generator was {1000 * self.lateness_s:.1f} ms late at p99 "
                f"(at most {1000 * MAX_LATENESS_S:g}; {self.observed})"
            )
        return None

    def first_ms(self, share: float) -> float | None:
        """Return a percentile of the time to the first audio; None if there was none."""
        found = [one.first_s for one in self.sent if one.first_s is not None]
        return 1000 * percentile(found, share) if found else None

    def underruns(self) -> int:
        """Count the answers in which audio came later than it was to be played."""
        rates = [int(one.answer.headers.get("x-audio-sample-rate", "0")) for one in self.good]
        pairs = zip(self.good, rates, strict=True)
        return sum(bool(rate and underruns(one.answer, rate)) for one, rate in pairs)


async def open_loop(
    planned_s: Sequence[float], ask: Callable[[int], Awaitable[Answer]], *, warm_up_s: float = 0.0
) -> Point:
    """Start `ask(number)` at each planned instant and wait for all of them.

    What was planned for the first `warm_up_s` seconds is asked and not counted.
    """
    watch, began_s = Watch(), time.monotonic() + _LEAD_S
    sent: list[Sent] = []

    async def one(number: int, due_s: float) -> None:
        started_s = time.monotonic()
        answer = await ask(number)
        sent.append(Sent(number=number, planned_s=due_s, started_s=started_s, answer=answer))

    gc.collect()
    gc.disable()  # a collection would be a latency of ours
    try:
        async with asyncio.TaskGroup() as tasks:
            for number, at_s in enumerate(planned_s):
                due_s = began_s + at_s
                if (left_s := due_s - time.monotonic()) > 0:
                    await asyncio.sleep(left_s)
                tasks.create_task(one(number, due_s))
    finally:
        gc.enable()
    counted = [one for one in sent if one.planned_s - began_s >= warm_up_s]
    return Point(sent=tuple(sorted(counted, key=lambda one: one.number)), observed=watch.read())
