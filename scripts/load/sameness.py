"""Whether many at once get what each would get alone, and equal requests one synthesis."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter

from scripts.load.bench import Bench, Utterance
from scripts.load.generator import percentile
from scripts.load.rows import Row, at_most, exactly

__all__ = ["cold_duplicates", "mixed_clients"]

L5, L6 = "L5", "L6"
_CLIENTS = 64
_REQUESTS = 2_000
_TIMES = 4
"""How often each text of L5 is asked for: once it is made, then kept or joined."""

_DUPLICATES = 1_000


async def mixed_clients(bench: Bench) -> list[Row]:
    """L5: 2,000 requests of 64 clients, in both lanes, of two profiles; then each text alone."""
    voices = bench.target.voices[:2]
    requests = bench.count(_REQUESTS, least=_CLIENTS)
    texts = [bench.fresh() for _ in range(max(1, requests // (_TIMES * len(voices))))]
    kinds = [
        Utterance(text=one.text, voice=voice, model=one.model) for one in texts for voice in voices
    ]
    order = [kinds[number % len(kinds)] for number in range(requests)]
    random.Random(bench.seed).shuffle(order)  # noqa: S311  # an order, no secret
    lanes = [False, True] if bench.target.batch_headers else [False]
    heard: list[tuple[Utterance, str]] = []
    failed: Counter[str] = Counter()

    async def client(number: int) -> None:
        for wanted in order[number::_CLIENTS]:
            answer = await bench.say_patiently(wanted, batch=lanes[number % len(lanes)])
            if answer.is_good:
                heard.append((wanted, answer.sha256))
            else:
                failed[answer.fault or str(answer.status)] += 1

    await asyncio.gather(*(client(number) for number in range(_CLIENTS)))
    alone = await bench.solo_digests(kinds)
    mixed = sum(alone[wanted] != digest for wanted, digest in heard)
    distinct = len(set(alone.values()))
    why = "" if len(voices) > 1 else "one profile only: the checkout has no second one"
    return [
        Row(
            scenario=L5, what="answers", value=len(heard), target=exactly(requests), count=requests
        ),
        Row(
            scenario=L5,
            what="answers that are not what they are alone",
            value=mixed if heard else None,
            target=exactly(0),
            count=len(heard),
            note=f"no answer: {dict(failed)}" if failed else "",
        ),
        Row(
            scenario=L5,
            what="different samples among the texts and voices",
            value=distinct,
            target=exactly(len(kinds)),
            count=len(kinds),
        ),
        Row(scenario=L5, what="profiles", value=len(voices), target=exactly(2), note=why),
    ]


async def cold_duplicates(bench: Bench) -> list[Row]:
    """L6: 1,000 equal requests at once of a text that nobody asked for before."""
    alone_s = await _one_synthesis_s(bench)
    wanted, count = bench.fresh(), bench.count(_DUPLICATES, least=10)
    made_before = await bench.metric('voxgate_cache_requests_total{result="miss"}')
    asked_s = time.monotonic()
    answers = await asyncio.gather(*(bench.say(wanted) for _ in range(count)))
    made = await bench.metric('voxgate_cache_requests_total{result="miss"}') - made_before
    good = [answer for answer in answers if answer.is_good]
    told = Counter(answer.headers.get("x-voxgate-cache", "none") for answer in good)
    last_s = max((answer.ended_at_s - asked_s for answer in good), default=None)
    statuses = Counter(answer.status for answer in answers)
    nothing = "" if good else "no request got audio"
    firsts = [1000 * (a.first_at_s - asked_s) for a in good if a.first_at_s is not None]
    return [
        Row(
            scenario=L6,
            what="answers",
            value=len(good),
            target=exactly(count),
            count=count,
            note="" if len(good) == count else f"statuses {dict(statuses)}",
        ),
        Row(
            scenario=L6,
            what="syntheses, by /metrics",
            value=made,
            target=exactly(1),
            count=count,
            note=", ".join(f"{kind} {number}" for kind, number in sorted(told.items())),
        ),
        Row(
            scenario=L6,
            what="different samples",
            value=len({answer.sha256 for answer in good}),
            target=exactly(1),
            count=len(good),
        ),
        Row(
            scenario=L6,
            what="first audio, p50",
            value=percentile(firsts, 50) if firsts else None,
            unit="ms",
            count=len(firsts),
            note=nothing,
        ),
        Row(
            scenario=L6,
            what="the last answer, after the synthesis alone",
            value=None if last_s is None else last_s - alone_s,
            unit="s",
            target=at_most(1),
            count=len(good),
            note=nothing,
        ),
    ]


async def _one_synthesis_s(bench: Bench) -> float:
    began_s = time.monotonic()
    answer = await bench.say_patiently(bench.fresh())
    return answer.ended_at_s - began_s
