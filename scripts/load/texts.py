"""Sentences that nobody asked for before: one that was said already comes from the cache."""

from __future__ import annotations

import random
from collections.abc import Iterator

__all__ = ["SENTENCE_CHARACTERS", "messages", "sentences"]

SENTENCE_CHARACTERS = 49

_WHO = (
    "The baker|My sister|Our driver|A teacher|The old farmer|His neighbour|The young doctor".split(
        "|"
    )
)
_DID = "found|painted|carried|sold|wanted|mended|forgot|opened|counted|borrowed".split("|")
_HOW = "a small|the green|one heavy|her broken|this yellow|some pretty|the wooden".split("|")
_WHAT = (
    "table|basket|window|letter|garden|bottle|ladder|candle|wagon|blanket|ribbon|kettle|carpet|hammer|"
    "pencil|mirror|button|saddle|barrel|pillow"
).split("|")
_WHEN = (
    "on Monday|after lunch|at noon|last night|before dawn|in the rain|this morning|by the river|"
    "near the mill|in October|at the station|without a word"
).split("|")


def sentences(seed: int) -> Iterator[str]:
    """Yield sentences of 49 characters, each once, in an order that the seed decides."""
    made = [
        text
        for who in _WHO
        for did in _DID
        for how in _HOW
        for what in _WHAT
        for when in _WHEN
        if len(text := f"{who} {did} {how} {what} {when}.") == SENTENCE_CHARACTERS
    ]
    random.Random(seed).shuffle(made)  # noqa: S311  # an order, no secret
    return iter(made)


def messages(seed: int, count: int) -> Iterator[str]:
    """Yield texts of `count` sentences, in which no sentence comes twice."""
    source = sentences(seed)
    while len(part := [text for _, text in zip(range(count), source, strict=False)]) == count:
        yield " ".join(part)
