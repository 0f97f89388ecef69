"""Which samples a report plays: the worst, and as many that nobody chose."""

from __future__ import annotations

from dataclasses import dataclass

from voxgate.evaluation.evidence import Evidence, ItemScore
from voxgate.files import digest_bytes
from voxgate.reporting.numbers import number

__all__ = ["PLAYED", "Choice", "choose_samples"]

PLAYED = 10


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One sample a prompt. No prompt is in both."""

    worst: tuple[ItemScore, ...]
    random: tuple[ItemScore, ...]


def choose_samples(evidence: Evidence, bundle_digest: str, *, count: int = PLAYED) -> Choice:
    """Choose among the measured samples; the bundle's digest is the dice.

    Anybody draws the same ones. The worst have a catastrophe, then most words wrong, then least
    likeness.
    """
    by_prompt: dict[str, list[ItemScore]] = {}
    for row in sorted(evidence.rows, key=lambda row: row.item):
        if row.fault is None:
            by_prompt.setdefault(row.prompt_id, []).append(row)
    ranked = sorted((min(rows, key=_badness) for rows in by_prompt.values()), key=_badness)
    worst = ranked[:count]
    others = sorted(by_prompt.keys() - {row.prompt_id for row in worst})
    drawn = sorted(others, key=lambda prompt: _draw(bundle_digest, prompt))[:count]
    random = tuple(
        by_prompt[prompt][int(_draw(bundle_digest, prompt), 16) % len(by_prompt[prompt])]
        for prompt in drawn
    )
    return Choice(worst=tuple(worst), random=random)


def _badness(row: ItemScore) -> tuple[bool, float, float, tuple[str, int]]:
    wrong = (number(row.word_errors) or 0.0) / (number(row.ref_words) or 1.0)
    return not row.catastrophes, -wrong, number(row.similarity) or 0.0, row.item


def _draw(digest: str, prompt_id: str) -> str:
    return digest_bytes(f"{digest} {prompt_id}".encode())
