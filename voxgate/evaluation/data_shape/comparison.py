"""Two data versions side by side: where their figures lie, which words and phones came and went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from voxgate.evaluation.benchmark import Benchmark
from voxgate.evaluation.data_shape.figures import MEASURES, VersionFigures
from voxgate.evaluation.data_shape.slices import SliceExamples, count_examples

__all__ = ["Coverage", "DataShape", "Distribution", "compare_versions"]

RARE = 10
"""A phone that is said less often is hardly learnt."""


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """Where the known values of a measure lie; None where there are none."""

    count: int
    p5: float | None = None
    median: float | None = None
    p95: float | None = None


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """Words or phones of two versions: how many different ones, and which only one of them has.

    Of phones, `rare` are said fewer than `RARE` times in the new version, rarest first; `unsaid`
    are asked for by prompts of the gate and never said there.
    """

    old: int
    new: int
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]
    rare: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DataShape:
    """Both versions, and the parts of the gate with their training examples, fewest first."""

    old: VersionFigures
    new: VersionFigures
    distributions: Mapping[str, tuple[Distribution, Distribution]]
    words: Coverage
    phones: Coverage
    slices: tuple[tuple[SliceExamples, SliceExamples], ...]
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return JSON values, without texts."""
        pairs = {name: _pair(pair) for name, pair in self.distributions.items()}
        return {
            "old": _version(self.old),
            "new": _version(self.new),
            "distributions": pairs,
            "words": asdict(self.words),
            "phones": asdict(self.phones),
            "slices": [_pair(pair) for pair in self.slices],
            "notes": list(self.notes),
        }


def compare_versions(
    old: VersionFigures,
    new: VersionFigures,
    benchmark: Benchmark,
    *,
    wanted: Iterable[str] = (),
    notes: Sequence[str] = (),
) -> DataShape:
    """Set two versions side by side; `wanted` are the phones of the gate's prompts."""
    before, after = (count_examples(benchmark, one.forms, one.words) for one in (old, new))
    slices = list(zip(before, after, strict=True))
    return DataShape(
        old=old,
        new=new,
        distributions={
            m.name: (_distribution(old.values[m.name]), _distribution(new.values[m.name]))
            for m in MEASURES
        },
        words=_coverage(old.words, new.words),
        phones=_coverage(old.phones, new.phones, rare=RARE, wanted=wanted),
        slices=tuple(sorted(slices, key=lambda pair: pair[1].rank)),
        notes=tuple(notes),
    )


def _distribution(values: Sequence[float]) -> Distribution:
    if not values:
        return Distribution(count=0)
    p5, median, p95 = (round(_quantile(values, share), 4) for share in (0.05, 0.5, 0.95))
    return Distribution(count=len(values), p5=p5, median=median, p95=p95)


def _quantile(values: Sequence[float], share: float) -> float:
    place = share * (len(values) - 1)
    below = int(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (place - below) * (values[above] - values[below])


def _coverage(
    old: Mapping[str, int], new: Mapping[str, int], *, rare: int = 0, wanted: Iterable[str] = ()
) -> Coverage:
    seldom = sorted((n, name) for name, n in new.items() if n < rare)
    return Coverage(
        old=len(old),
        new=len(new),
        only_old=tuple(sorted(old.keys() - new.keys())),
        only_new=tuple(sorted(new.keys() - old.keys())),
        rare=tuple(name for _, name in seldom),
        unsaid=tuple(sorted(set(wanted) - new.keys())),
    )


def _version(figures: VersionFigures) -> dict[str, Any]:
    kept = ("version", "source", "clips", "seconds", "missing")
    return {name: getattr(figures, name) for name in kept}


def _pair(pair: tuple[Any, Any]) -> dict[str, Any]:
    return {"old": asdict(pair[0]), "new": asdict(pair[1])}
