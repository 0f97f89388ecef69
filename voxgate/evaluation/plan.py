"""Which samples are drawn: every prompt with several seeds, the same ones for every voice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from voxgate.evaluation.benchmark import Prompt

__all__ = ["Item", "item_seed", "plan_items"]


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


def item_seed(prompt_id: str, seed_index: int) -> int:
    """Return the seed of a prompt's k-th sample, in [0, 2**31).

    It depends on nothing else, so that challenger and champion draw the same random numbers and
    differences can be taken prompt by prompt.
    """
    digest = hashlib.sha256(f"{prompt_id}\0{seed_index}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1


def plan_items(prompts: Iterable[Prompt], *, seeds: int, first: int = 0) -> list[Item]:
    """Return all samples of an evaluation, by prompt id and seed index.

    `first` is the index of the first seed: another range of indices gives other samples.
    """
    ordered = sorted(prompts, key=lambda prompt: prompt.id)
    return [
        Item(prompt=prompt, seed_index=k, seed=item_seed(prompt.id, k))
        for prompt in ordered
        for k in range(first, first + seeds)
    ]
