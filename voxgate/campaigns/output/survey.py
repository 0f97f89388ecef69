"""What the distinct sentences of a campaign came to: check, tries, and the worst of them."""

from __future__ import annotations

import heapq
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from voxgate.campaigns.ports import CampaignStore
from voxgate.campaigns.records import SentenceState, SentenceWork, SpokenResult

__all__ = ["Survey", "survey_sentences"]

WORST = 10
_LISTED = 500
_PAGE = 1000
_FIGURES = ("wer", "slot_distance", "frame_distance", "similarity", "level_dbfs")
_PERCENTILES = (5, 50, 95)
_UNMEASURED = 1e9
"""Beyond every figure: what could not be listened to is the worst."""


@dataclass(kw_only=True)
class Survey:
    """Sums over sentences; of what an earlier campaign spoke no processor time is in `cpu_ms`.

    `unshared_cpu_ms` is what they had taken if each use had been spoken for itself.
    """

    keep_texts: bool
    distinct: int = 0
    uses: int = 0
    states: Counter[str] = field(default_factory=Counter)
    tries: Counter[int] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    fallbacks: int = 0
    accepted: int = 0
    cpu_ms: float = 0.0
    unshared_cpu_ms: float = 0.0
    review: list[dict[str, Any]] = field(default_factory=list)
    _figures: dict[str, array[float]] = field(
        default_factory=lambda: {name: array("d") for name in _FIGURES}
    )
    _worst: list[tuple[tuple[float, ...], str, dict[str, Any]]] = field(default_factory=list)

    @property
    def rerolled(self) -> int:
        """How many were spoken more than once."""
        return sum(count for tries, count in self.tries.items() if tries > 1)

    @property
    def worst(self) -> list[dict[str, Any]]:
        """The worst by the order in which tries are chosen, the worst first."""
        return [one for _, _, one in sorted(self._worst, key=lambda x: (x[0], x[1]), reverse=True)]

    def add(self, state: SentenceState, work: SentenceWork, result: SpokenResult | None) -> None:
        """Count a sentence that some cell needs."""
        self.distinct += 1
        self.uses += work.cells
        self.states[state.value] += 1
        if result is None:
            return
        self.tries[result.tries] += 1
        self.fallbacks += result.fallback
        self.accepted += state is SentenceState.PASSED and not result.passed
        self.faults.update(result.quality["faults"])
        self.cpu_ms += result.cpu_ms if work.attempt else 0.0
        self.unshared_cpu_ms += result.cpu_ms * work.cells
        figures = result.quality["figures"]
        for name in _FIGURES:
            if name in figures:
                self._figures[name].append(figures[name])
        said = self._said(work, result, state)
        if state is SentenceState.NEEDS_REVIEW and len(self.review) < _LISTED:
            self.review.append(said)
        rank = (_badness(result), work.key, said)
        if len(self._worst) < WORST:
            heapq.heappush(self._worst, rank)
        else:
            heapq.heappushpop(self._worst, rank)

    def figures(self) -> dict[str, dict[str, float]]:
        """Return percentiles of what was measured, by figure."""
        return {
            name: {
                f"p{p}": round(float(at), 4)
                for p, at in zip(_PERCENTILES, np.percentile(found, _PERCENTILES), strict=True)
            }
            for name, found in self._figures.items()
            if len(found)
        }

    def _said(
        self, work: SentenceWork, result: SpokenResult, state: SentenceState
    ) -> dict[str, Any]:
        personal = any(work.facts["slots"])
        figures = result.quality["figures"]
        return {
            "sentence": work.key,
            "text": work.facts["text"] if self.keep_texts or not personal else None,
            "state": state.value,
            "faults": list(result.quality["faults"]),
            "figures": {name: figures[name] for name in _FIGURES if name in figures},
            "tries": result.tries,
            "seed": result.seed,
            "fallback": result.fallback,
            "duration_s": result.duration_s,
            "cells": work.cells,
            "asset_id": result.asset_id,
        }


def survey_sentences(store: CampaignStore, campaign_id: str, *, keep_texts: bool) -> Survey:
    """Look at every sentence of a campaign that some cell needs, a page at a time."""
    survey = Survey(keep_texts=keep_texts)
    for state in SentenceState:
        for work, result in _each(store, campaign_id, state):
            if work.cells:
                survey.add(state, work, result)
    return survey


def _each(
    store: CampaignStore, campaign_id: str, state: SentenceState
) -> Iterator[tuple[SentenceWork, SpokenResult | None]]:
    after = ""
    while page := store.sentences(campaign_id, state=state, after=after, limit=_PAGE):
        yield from ((work, result) for work, result, _ in page)
        after = page[-1][0].key


def _badness(result: SpokenResult) -> tuple[float, ...]:
    """Sort key of sentences, the best first; as `SentenceQuality.order`."""
    figures = result.quality["figures"]
    return (
        float(not result.passed),
        figures.get("frame_edits", _UNMEASURED),
        figures.get("slot_distance", _UNMEASURED),
        -figures.get("similarity", -_UNMEASURED),
    )
