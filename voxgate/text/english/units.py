"""Units of measurement that the English rules know."""

from __future__ import annotations

__all__ = ["AREA_UNITS", "PER_UNITS", "UNITS"]

Name = tuple[str, str]
"""Singular and plural, as spoken."""

_PREFIXES = {"k": "kilo", "M": "mega", "G": "giga", "T": "tera", "m": "milli", "c": "centi"}
_PREFIXES |= {"μ": "micro", "u": "micro", "n": "nano", "h": "hecto", "d": "deci"}


def _metric(symbol: str, unit: str, prefixes: str = "") -> dict[str, Name]:
    """Combine a unit with metric prefixes, given as their symbols; "." is the bare unit."""
    plural = unit if unit.endswith("hertz") else f"{unit}s"
    names = {prefix: _PREFIXES.get(prefix, "") for prefix in prefixes}
    return {
        f"{prefix.strip('.')}{symbol}": (f"{name}{unit}", f"{name}{plural}")
        for prefix, name in names.items()
    }


def _alike(*symbols: str, one: str, many: str = "") -> dict[str, Name]:
    return dict.fromkeys(symbols, (one, many or f"{one}s"))


_LENGTHS = {
    **_metric("m", "meter", ".kcmnμdu"),
    **_alike("mi", one="mile"),
    **_alike("ft", one="foot", many="feet"),
    **_alike("yd", "yds", one="yard"),
}

AREA_UNITS: dict[str, Name] = {**_LENGTHS, **_alike("in", one="inch", many="inches")}
"""Units that are squared and cubed."""

_TIMES = {
    **_metric("s", "second", "mμun"),
    **_alike("hr", "hrs", "h", one="hour"),
    **_alike("min", "mins", one="minute"),
    **_alike("sec", "secs", one="second"),
    **_alike("wk", "wks", one="week"),
    **_alike("yr", "yrs", one="year"),
}

UNITS: dict[str, Name] = {
    **_LENGTHS,
    **_TIMES,
    **_metric("Hz", "hertz", ".kMG"),
    **_metric("B", "byte", "kMGT"),
    **_metric("bit", "bit", "kMGT"),
    **_metric("b", "bit", "kMG"),
    **_metric("g", "gram", ".kmμ"),
    **_metric("l", "liter", ".mdcμ"),
    **_metric("L", "liter", ".mdcμ"),
    **_metric("W", "watt", ".kMGTm"),
    **_metric("V", "volt", ".kmM"),
    **_metric("A", "amp", "mμk"),
    **_metric("J", "joule", "kM"),
    **_metric("Pa", "pascal", ".hkM"),
    **_metric("cal", "calorie", "k"),
    **_metric("Ω", "ohm", ".kM"),
    **_metric("Wh", "watt hour", ".kMGT"),
    **_metric("Ah", "amp hour", ".m"),
    **_alike("KB", one="kilobyte"),
    **_alike("KiB", one="kibibyte"),
    **_alike("MiB", one="mebibyte"),
    **_alike("GiB", one="gibibyte"),
    **_alike("TiB", one="tebibyte"),
    **_alike("dB", one="decibel"),
    **_alike("Mbps", one="megabit per second", many="megabits per second"),
    **_alike("kbps", one="kilobit per second", many="kilobits per second"),
    **_alike("Gbps", one="gigabit per second", many="gigabits per second"),
    **_alike("kph", "kmh", one="kilometer per hour", many="kilometers per hour"),
    **_alike("mph", one="mile per hour", many="miles per hour"),
    **_alike("mpg", one="mile per gallon", many="miles per gallon"),
    **_alike("lb", "lbs", one="pound"),
    **_alike("oz", one="ounce"),
    **_alike("fl oz", "fl. oz", one="fluid ounce"),
    **_alike("tbsp", "tbsps", "Tbsp", "tbs", one="tablespoon"),
    **_alike("tsp", "tsps", one="teaspoon"),
    **_alike("pt", "pts", one="pint"),
    **_alike("qt", "qts", one="quart"),
    **_alike("gal", "gals", one="gallon"),
    **_alike("psi", one="pound per square inch", many="pounds per square inch"),
    **_alike("ppm", one="part per million", many="parts per million"),
    **_alike("bpm", one="beat per minute", many="beats per minute"),
    **_alike("dpi", one="dot per inch", many="dots per inch"),
    **_alike("fps", one="frame per second", many="frames per second"),
    **_alike("rpm", one="revolution per minute", many="revolutions per minute"),
    **_alike("sq ft", "sq. ft", "sqft", one="square foot", many="square feet"),
    **_alike("sq m", "sq. m", "sqm", one="square meter"),
    **_alike("sq km", "sq. km", one="square kilometer"),
    **_alike("sq mi", "sq. mi", one="square mile"),
    **_alike("sq in", "sq. in", one="square inch", many="square inches"),
    **_alike("cu ft", "cu. ft", one="cubic foot", many="cubic feet"),
    **_alike("k", one="thousand", many="thousand"),
    **_alike("px", one="pixel"),
    **_alike("%", one="percent", many="percent"),
    **_alike("°C", "° C", one="degree Celsius", many="degrees Celsius"),
    **_alike("°F", "° F", one="degree Fahrenheit", many="degrees Fahrenheit"),
    **_alike("°", one="degree"),
}
"""By what is written after a number. "in" and "s" are not here: they are words, or endings."""

PER_UNITS: dict[str, str] = {
    **{
        symbol: one
        for symbol, (one, _) in UNITS.items()
        if symbol[0].isalpha() and symbol != "k" and "/" not in symbol
    },
    "s": "second",
    "d": "day",
    "in": "inch",
    **{
        f"{unit}^2": f"square {AREA_UNITS[unit][0]}" for unit in ("m", "cm", "mm", "km", "in", "ft")
    },
    **{f"{unit}^3": f"cubic {AREA_UNITS[unit][0]}" for unit in ("m", "cm", "mm", "in", "ft")},
    "s^2": "second squared",
}
"""What may follow a unit and a slash ("km/h"), in the singular."""
