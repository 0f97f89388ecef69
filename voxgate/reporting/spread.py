"""How the samples of each voice are spread: what a mean does not show."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from voxgate.evaluation.evidence import Evidence, ItemScore
from voxgate.evaluation.sound.catalogue import CATALOGUE
from voxgate.reporting.numbers import number

__all__ = ["Spread", "find_spreads", "quantile"]


@dataclass(frozen=True, kw_only=True)
class Spread:
    """The values of one measure, sorted, by voice; `real` are bounds of the real recordings.

    `real` has quantiles by name (p5, p50, p95) and may be empty.
    """

    name: str
    title: str
    unit: str
    values: Mapping[str, tuple[float, ...]]
    real: Mapping[str, float]
    note: str = ""


def find_spreads(voices: Mapping[str, Evidence]) -> tuple[tuple[Spread, ...], tuple[str, ...]]:
    """Return what was measured of single samples, and the titles of what was not."""
    challenger = voices["challenger"]
    same = sorted(_numbers(challenger.ceiling.get("similarities", ())))
    real = {f"p{share}": quantile(same, share / 100) for share in (5, 50, 95)} if same else {}
    found = [
        Spread(
            name="wer", title=f"{challenger.unit.title} a prompt", unit="share", real={},
            values={who: _by_prompt(evidence) for who, evidence in voices.items()},
        ),
        Spread(
            name="similarity", title="similarity a sample", unit="cosine", real=real,
            values=_by_sample(voices, lambda row: row.similarity),
        ),
    ]  # fmt: skip
    sound = challenger.ceiling.get("sound")
    for measure in CATALOGUE:
        real_sound = sound.get(measure.name) if isinstance(sound, Mapping) else None
        found.append(
            Spread(
                name=measure.name,
                title=measure.title,
                unit=measure.unit,
                values=_by_sample(voices, _sound(measure.name)),
                real=_quantiles(real_sound),
                note={"higher": "higher is worse", "lower": "lower is worse"}.get(
                    measure.worse, "worse on either side"
                ),
            )
        )
    shown = [spread for spread in found if any(spread.values.values())]
    absent = tuple(spread.title for spread in found if not any(spread.values.values()))
    return tuple(shown), absent


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of sorted values lies, between neighbours by rule 7."""
    place = share * (len(values) - 1)
    below, above = math.floor(place), math.ceil(place)
    return values[below] + (place - below) * (values[above] - values[below])


def _sound(name: str) -> Callable[[ItemScore], float | None]:
    return lambda row: row.sound.get(name)


def _by_sample(
    voices: Mapping[str, Evidence], measure: Callable[[ItemScore], float | None]
) -> dict[str, tuple[float, ...]]:
    return {
        who: tuple(sorted(_numbers(map(measure, evidence.rows))))
        for who, evidence in voices.items()
    }


def _by_prompt(evidence: Evidence) -> tuple[float, ...]:
    counts: dict[str, tuple[float, float]] = {}
    for row in evidence.rows:
        wrong, words = number(row.word_errors), number(row.ref_words)
        if wrong is not None and words:
            before = counts.get(row.prompt_id, (0.0, 0.0))
            counts[row.prompt_id] = (before[0] + wrong, before[1] + words)
    return tuple(sorted(wrong / words for wrong, words in counts.values()))


def _quantiles(value: Any) -> dict[str, float]:
    wanted = ("p5", "p50", "p95")
    if not isinstance(value, Mapping) or len(_numbers(value.get(name) for name in wanted)) < len(
        wanted
    ):
        return {}
    return {name: float(value[name]) for name in wanted}


def _numbers(values: Any) -> list[float]:
    listed = values if isinstance(values, Iterable) else ()
    return [found for value in listed if (found := number(value)) is not None]
