"""Which samples are drawn: every prompt with several seeds, the same ones for every voice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from voxgate.evaluation.benchmark import Prompt

__all__ = ["Item", "item_seed", "plan_items", "prompts_of_day"]


@dataclass(frozen=True, kw_only=True)
class Item:
    """One sample to draw: a prompt and the seed that it is spoken with."""

    prompt: Prompt
    seed_index: int
    seed: int

    @property
    def name(self) -> str:
        """Identify the sample inside one evaluation; also its audio file's stem."""
        return f"{self.prompt.id}-{self.seed_index}"


def item_seed(prompt_id: str, seed_index: int, *, day: date | None = None) -> int:
    """Return the seed of a prompt's k-th sample, in [0, 2**31).

    It depends on nothing else, so that challenger and champion draw the same random numbers and
    differences can be taken prompt by prompt. Monitoring names a `day`: every day draws others.
    """
    name = f"{prompt_id}\0{seed_index}" + ("" if day is None else f"\0{day.isoformat()}")
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") >> 1


def prompts_of_day(prompts: Iterable[Prompt], *, day: date, count: int) -> tuple[Prompt, ...]:
    """Return the block of at most `count` prompts whose turn is on `day`.

    The blocks take turns day by day, so that together they cover every prompt. A block takes every
    n-th prompt by id, and ids begin with the class: each block has prompts of every class.
    """
    ordered = sorted(prompts, key=lambda prompt: prompt.id)
    blocks = -(-len(ordered) // count)
    return tuple(ordered[day.toordinal() % blocks :: blocks])


def plan_items(
    prompts: Iterable[Prompt], *, seeds: int, first: int = 0, day: date | None = None
) -> list[Item]:
    """Return all samples of an evaluation, by prompt id and seed index.

    `first` is the index of the first seed: another range of indices gives other samples.
    """
    ordered = sorted(prompts, key=lambda prompt: prompt.id)
    return [
        Item(prompt=prompt, seed_index=k, seed=item_seed(prompt.id, k, day=day))
        for prompt in ordered
        for k in range(first, first + seeds)
    ]
