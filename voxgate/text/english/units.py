"""Currencies, magnitudes and units that the English rules know."""

from __future__ import annotations

__all__ = ["CURRENCIES", "MAGNITUDES", "UNITS"]

_DOLLAR = ("dollar", "dollars", "cent", "cents")
_POUND = ("pound", "pounds", "penny", "pence")
_EURO = ("euro", "euros", "cent", "cents")
_YEN = ("yen", "yen", "", "")
_RUPEE = ("rupee", "rupees", "paisa", "paise")
_FRANC = ("franc", "francs", "centime", "centimes")

CURRENCIES: dict[str, tuple[str, str, str, str]] = {
    **dict.fromkeys(("$", "US$", "USD"), _DOLLAR),
    **dict.fromkeys(("£", "GBP"), _POUND),
    **dict.fromkeys(("€", "EUR"), _EURO),
    **dict.fromkeys(("¥", "JPY"), _YEN),
    **dict.fromkeys(("₹", "INR"), _RUPEE),
    "CHF": _FRANC,
}
"""Sign or code: singular, plural, singular and plural of the hundredth ("" where there is none)."""

MAGNITUDES = {
    "thousand": "thousand",
    "million": "million",
    "billion": "billion",
    "trillion": "trillion",
    "K": "thousand",
    "k": "thousand",
    "M": "million",
    "m": "million",
    "bn": "billion",
    "B": "billion",
    "tn": "trillion",
}
"""What follows an amount of money: "$3.5M"."""


def _metric(symbol: str, unit: str, prefixes: str) -> dict[str, tuple[str, str]]:
    """Combine a unit with metric prefixes, given as their symbols."""
    names = {"k": "kilo", "M": "mega", "G": "giga", "T": "tera", "m": "milli", "c": "centi"}
    names |= {"μ": "micro", "n": "nano", "h": "hecto", "d": "deci"}
    plural = unit if unit == "hertz" else f"{unit}s"
    return {
        f"{prefix}{symbol}": (f"{names[prefix]}{unit}", f"{names[prefix]}{plural}")
        for prefix in prefixes
    }


UNITS: dict[str, tuple[str, str]] = {
    **_metric("Hz", "hertz", "kMG"),
    **_metric("B", "byte", "kMGT"),
    **_metric("bit", "bit", "kMG"),
    **_metric("g", "gram", "km"),
    **_metric("l", "liter", "md"),
    **_metric("L", "liter", "md"),
    **_metric("W", "watt", "kMGm"),
    **_metric("V", "volt", "km"),
    **_metric("s", "second", "mμn"),
    **_metric("m", "meter", "kcmn"),
    "KB": ("kilobyte", "kilobytes"),
    "us": ("microsecond", "microseconds"),
    "kWh": ("kilowatt hour", "kilowatt hours"),
    "Hz": ("hertz", "hertz"),
    "dB": ("decibel", "decibels"),
    "GB/s": ("gigabyte per second", "gigabytes per second"),
    "MB/s": ("megabyte per second", "megabytes per second"),
    "Mbps": ("megabit per second", "megabits per second"),
    "kbps": ("kilobit per second", "kilobits per second"),
    "Gbps": ("gigabit per second", "gigabits per second"),
    "km/h": ("kilometer per hour", "kilometers per hour"),
    "kph": ("kilometer per hour", "kilometers per hour"),
    "mph": ("mile per hour", "miles per hour"),
    "m/s": ("meter per second", "meters per second"),
    "mi": ("mile", "miles"),
    "ft": ("foot", "feet"),
    "yd": ("yard", "yards"),
    "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"),
    "oz": ("ounce", "ounces"),
    "hr": ("hour", "hours"),
    "hrs": ("hour", "hours"),
    "h": ("hour", "hours"),
    "min": ("minute", "minutes"),
    "mins": ("minute", "minutes"),
    "sec": ("second", "seconds"),
    "secs": ("second", "seconds"),
    "fps": ("frame per second", "frames per second"),
    "rpm": ("revolution per minute", "revolutions per minute"),
    "k": ("thousand", "thousand"),
    "px": ("pixel", "pixels"),
    "m": ("meter", "meters"),
    "g": ("gram", "grams"),
    "V": ("volt", "volts"),
    "W": ("watt", "watts"),
    "%": ("percent", "percent"),
    "°C": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "° C": ("degree Celsius", "degrees Celsius"),
    "° F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "°": ("degree", "degrees"),
}
"""Unit as written after a number: singular and plural as spoken."""
