"""Back-off n-grams with interpolated modified Kneser-Ney smoothing (Chen & Goodman 1999)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

__all__ = ["NGram", "estimate", "prune"]

NGram = tuple[int, ...]
Probabilities = dict[NGram, float]

_FLOOR = 1e-7
_KEPT_ORDERS = 3
"""N-grams up to this length are all kept."""


def estimate(
    rows: Sequence[Sequence[int]], *, order: int, start: int
) -> tuple[Probabilities, dict[NGram, float], Counter[NGram]]:
    """Return probabilities of n-grams, back-off factors of contexts, and counts.

    Each row begins with the symbol `start`. Shorter n-grams are counted by the number of
    different symbols before them, except at the start of a row.
    """
    raw = [Counter[NGram]() for _ in range(order + 1)]
    for row in rows:
        for n in range(1, order + 1):
            raw[n].update(tuple(row[at : at + n]) for at in range(len(row) - n + 1))
    probabilities: Probabilities = {}
    back_off: dict[NGram, float] = {}
    counts: Counter[NGram] = Counter()
    for n in range(1, order + 1):
        level = raw[n] if n == order else _continuations(raw[n], raw[n + 1], start)
        counts.update(level)
        _add_level(level, n, probabilities, back_off, start)
    return probabilities, back_off, counts


def prune(
    probabilities: Probabilities, counts: Mapping[NGram, int], *, min_count: int
) -> tuple[Probabilities, dict[NGram, float]]:
    """Drop rare long n-grams that begin no kept one, and return back-off factors to match."""
    kept: set[NGram] = set()
    for gram in sorted(probabilities, key=len, reverse=True):
        if len(gram) <= _KEPT_ORDERS or counts[gram] >= min_count or gram in kept:
            kept.update(gram[:n] for n in range(1, len(gram) + 1))
    kept_probabilities = {g: p for g, p in probabilities.items() if g in kept}
    following: dict[NGram, list[NGram]] = defaultdict(list)
    for gram in kept_probabilities:
        following[gram[:-1]].append(gram)
    back_off: dict[NGram, float] = {}
    for context in sorted(following, key=len):
        if context:
            known = sum(kept_probabilities[gram] for gram in following[context])
            shorter = sum(_look_up(g[1:], kept_probabilities, back_off) for g in following[context])
            back_off[context] = max(_FLOOR, (1 - known) / max(_FLOOR, 1 - shorter))
    return kept_probabilities, back_off


def _continuations(raw: Counter[NGram], longer: Iterable[NGram], start: int) -> Counter[NGram]:
    level = Counter(gram[1:] for gram in longer)
    level.update({gram: count for gram, count in raw.items() if gram[0] == start})
    return level


def _add_level(
    level: Counter[NGram],
    n: int,
    probabilities: Probabilities,
    back_off: dict[NGram, float],
    start: int,
) -> None:
    if n == 1:
        total = sum(count for gram, count in level.items() if gram != (start,))
        probabilities.update({gram: count / total for gram, count in level.items()})
        return
    discounts = _discounts(level)
    totals: Counter[NGram] = Counter()
    given: dict[NGram, float] = defaultdict(float)
    for gram, count in level.items():
        totals[gram[:-1]] += count
        given[gram[:-1]] += discounts[min(count, 3)]
    for context, total in totals.items():
        back_off[context] = given[context] / total
    for gram, count in level.items():
        own = (count - discounts[min(count, 3)]) / totals[gram[:-1]]
        probabilities[gram] = own + back_off[gram[:-1]] * _look_up(
            gram[1:], probabilities, back_off
        )


def _discounts(level: Counter[NGram]) -> tuple[float, float, float, float]:
    """Return what is taken from n-grams seen 0, 1, 2, and 3 or more times."""
    often = Counter(level.values())
    n1, n2, n3, n4 = (max(1, often[count]) for count in (1, 2, 3, 4))
    share = n1 / (n1 + 2 * n2)
    raw = (1 - 2 * share * n2 / n1, 2 - 3 * share * n3 / n2, 3 - 4 * share * n4 / n3)
    one, two, three = (min(max(0.05, d), k - 0.01) for k, d in enumerate(raw, start=1))
    return 0.0, one, two, three


def _look_up(gram: NGram, probabilities: Probabilities, back_off: Mapping[NGram, float]) -> float:
    factor = 1.0
    while gram not in probabilities:
        if len(gram) == 1:
            return factor * _FLOOR
        factor *= back_off.get(gram[:-1], 1.0)
        gram = gram[1:]
    return factor * probabilities[gram]
