"""How figures are written: rates as percentages, cosines with three digits, the rest as it is."""

from __future__ import annotations

import math
from typing import Any

from voxgate.text.counting_units import WORD, CountingUnit

__all__ = ["bounds", "is_figure", "number", "plain", "title_of"]

_TITLES = {
    "cer": "character error rate",
    "similarity": "mean similarity to the speaker",
    "share_below_floor": "samples below the similarity floor",
    "catastrophe_rate": "prompts with a catastrophe",
    "critical": "words that must not change and did",
    "sound_outlier_rate": "prompts with a sample that sounds unlike any recording",
}
_RATES = {"wer", "cer", "share", "rate", "catastrophe", "catastrophes", "stranger", "critical"}


def number(value: Any) -> float | None:
    """Return a finite number; None for whatever else untrusted evidence holds in its place."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return float(value)


def is_figure(value: Any) -> bool:
    """Tell whether a value is an interval as the gate writes it."""
    return isinstance(value, dict) and {"point", "low", "high"} <= value.keys()


def title_of(name: str, unit: CountingUnit = WORD) -> str:
    """Return what people call a figure; errors are counted in `unit`."""
    if name == "wer":
        return unit.title
    if name == "cer" and unit.written is None:
        return "error rate of characters as written"
    return _TITLES.get(name, name.replace("_", " "))


def plain(value: Any, name: str = "") -> str:
    """Return a number as it is read; a dash where there is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return "–" if value is None or isinstance(value, float) else str(value)
    if _RATES & set(name.split("_")):
        return f"{100 * value:.1f} %".replace("-", "−")
    return _digits(value).replace("-", "−")


def bounds(value: Any, name: str = "") -> str:
    """Return a figure with its interval."""
    if not is_figure(value):
        return plain(value, name)
    point, low, high = (plain(value[key], name) for key in ("point", "low", "high"))
    return f"{point} [{low.removesuffix(' %')}, {high}]"


def _digits(value: float) -> str:
    """Return three digits behind the point near 1, fewer of larger numbers, none of counts."""
    if isinstance(value, int):
        return f"{value:,}"
    size = abs(value)
    for at_least, form in ((1000, ",.0f"), (10, ".1f"), (0.01, ".3f")):
        if size >= at_least:
            return format(value, form)
    return f"{value:.2g}" if value else "0"
