"""What a scenario is run with: a server, how much of it is run, and how speech is asked for."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.load.generator import Point, open_loop, poisson
from scripts.load.machine import descendants, resident_bytes
from scripts.load.target import LoadError, Site, Target
from scripts.load.texts import sentences
from scripts.load.wire import Answer, Request, exchange

__all__ = ["Bench", "Utterance"]

SPEECH = "/v1/audio/speech"
_SEED = 13
_BUSY = frozenset({429, 503})
_TRIES = 120
_POLL_S = 0.1


@dataclass(frozen=True, kw_only=True)
class Utterance:
    """What is said by whom; `model` may name a version."""

    text: str
    voice: str
    model: str


@dataclass(kw_only=True)
class Bench:
    """One run of scenarios on one server.

    `scale` shortens all of them; `promotion` names the version that L15 approves, and
    `queue_limit` is how many may wait in the real-time lane. `capacity_hz` is what L3 found.
    """

    site: Site
    target: Target
    scale: float = 1.0
    seed: int = _SEED
    promotion: int | None = None
    queue_limit: int = 8
    capacity_hz: float | None = None
    patience_s: float = 60.0
    run: str = field(default_factory=lambda: secrets.token_hex(4))
    """A part of each name that must be no other run's."""

    texts: Iterator[str] = field(default_factory=lambda: sentences(_SEED))

    def count(self, full: int, *, least: int = 1) -> int:
        """Return how many of a full number are asked for at this scale."""
        return max(least, round(full * self.scale))

    def seconds(self, full: float) -> float:
        """Return how long a full duration is at this scale."""
        return full * self.scale

    def fresh(self, parts: int = 1) -> Utterance:
        """Return a text of so many sentences, none of which was asked for in this run.

        Raises:
            LoadError: there are no more.
        """
        text = " ".join(part for _, part in zip(range(parts), self.texts, strict=False))
        if not text:
            raise LoadError("the sentences of scripts/load/texts.py are used up; lower --scale")
        return Utterance(text=text, voice=self.target.voices[0], model=self.target.model)

    def request(
        self, wanted: Utterance, *, batch: bool = False, headers: Mapping[str, str] | None = None
    ) -> Request:
        """Return the request of bare samples, in the real-time lane or by the batch key."""
        body: dict[str, Any] = {
            "model": wanted.model,
            "voice": wanted.voice,
            "input": wanted.text,
            "response_format": "pcm",
        }
        return Request(
            method="POST", path=SPEECH, body=body, headers={**self.key(batch), **(headers or {})}
        )

    def key(self, batch: bool) -> Mapping[str, str]:
        """Return the headers of a lane's key; the real-time lane is asked without one.

        Raises:
            LoadError: this server has no batch lane.
        """
        if not batch:
            return {}
        if self.target.batch_headers is None:
            raise LoadError("this server has no key of the batch lane")
        return self.target.batch_headers

    async def say(self, wanted: Utterance, **how: Any) -> Answer:
        """Ask for it once."""
        return await self.ask(self.request(wanted, **how))

    async def say_patiently(self, wanted: Utterance, **how: Any) -> Answer:
        """Ask again, as a client does, for as long as the server says that it is busy."""
        for _ in range(_TRIES):
            answer = await self.say(wanted, **how)
            if answer.status not in _BUSY:
                break
            await asyncio.sleep(float(answer.headers.get("retry-after", "1")))
        return answer

    async def ask(self, request: Request) -> Answer:
        """Ask for anything, on a connection of its own."""
        return await exchange(self.target.address, request, patience_s=self.patience_s)

    async def point(
        self, rate_hz: float, duration_s: float, *, warm_up_s: float = 0.0, parts: int = 1
    ) -> Point:
        """Ask for fresh texts at Poisson instants for so long, after a warm-up."""
        planned = poisson(rate_hz, warm_up_s + duration_s, seed=self.seed)
        wanted = [self.fresh(parts) for _ in planned]
        return await open_loop(planned, lambda n: self.say(wanted[n]), warm_up_s=warm_up_s)

    async def restart(self) -> None:
        """Start the server anew: nothing is cached in memory, no worker knows a request."""
        await asyncio.to_thread(self.site.stop)
        self.target = await asyncio.to_thread(self.site.start)

    async def solo_digests(self, wanted: list[Utterance]) -> dict[Utterance, str]:
        """Say each on a server that was started anew, one after the other, and name its samples.

        Raises:
            LoadError: an answer was not made anew, or there was none.
        """
        await self.restart()
        found: dict[Utterance, str] = {}
        for each in dict.fromkeys(wanted):
            answer = await self.say_patiently(each)
            if not answer.is_good:
                raise LoadError(f"alone, a text was answered by {answer.status} {answer.fault}")
            if answer.headers.get("x-voxgate-cache") == "hit":
                raise LoadError("a server that was started anew answered from a cache")
            found[each] = answer.sha256
        return found

    async def metric(self, name: str) -> float:
        """Return the sum of a metric's samples whose name and labels begin with `name`."""
        answer = await self.ask(Request(path="/metrics"))
        lines = [line for line in answer.body.decode().splitlines() if line.startswith(name)]
        return sum(float(line.rpartition(" ")[2]) for line in lines)

    async def readiness(self) -> Mapping[str, Any]:
        """Return what /readyz tells; empty if it does not answer."""
        answer = await self.ask(Request(path="/readyz"))
        return answer.json() if answer.body else {}

    def processes(self) -> list[int]:
        """Return the server's process and those below it."""
        return descendants(self.target.pid)

    def resident(self) -> int:
        """Return the resident bytes of all of them."""
        return resident_bytes(self.processes())

    @property
    def root(self) -> Path:
        """The checkout.

        Raises:
            LoadError: the server has none.
        """
        if self.site.root is None:
            raise LoadError("this server runs without a checkout")
        return self.site.root
