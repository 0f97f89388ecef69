"""Read times of day aloud."""

from __future__ import annotations

import re

from voxgate.text.english.numbers import cardinal
from voxgate.text.english.sentence_ends import point_after

__all__ = ["speak_times"]

_HALF = r"(?P<half>[ap])(?:\.\s?m\b\.?|m\b)(?!\w)"
"""The point of "p.m." belongs to it, the one of "pm." to the sentence."""

_CLOCK = re.compile(
    rf"(?<![\w.:])(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)"
    rf"(?::(?P<second>[0-5]\d)(?P<part>\.\d{{1,9}})?)?(?![\d:])"
    rf"(?:\s?{_HALF}|(?P<zone>Z\b|[+-]\d\d:?\d\d\b)|\s?[hH]\b)?(?!\w)",
    re.IGNORECASE,
)
_WHOLE_HOUR = re.compile(rf"(?<![\w.:])(?P<hour>1[0-2]|0?[1-9])\s?{_HALF}", re.IGNORECASE)
_HOURS_SPAN = re.compile(
    r"(?<=\d)(\s?[ap]\.?m\.?)?\s?-\s?(?=\d{1,2}(?::\d\d)?\s?[ap]\.?m|\d{1,2}:\d\d\b)", re.IGNORECASE
)
_SPAN_FROM = re.compile(
    r"(?<=\d:\d\d)\s?-\s?(?=\d{1,3}\b)|(?<=\d[ap]m)\s?-\s?(?=\d)|(?<=\d [ap]m)\s?-\s?(?=\d)|"
    r"(?<=[ap]\.m\.)\s?-\s?(?=\d)",
    re.IGNORECASE,
)
_OPEN_HOUR = re.compile(r"(?<![\w.:,$€£-])(1[0-2]|0?[1-9])(?= to \d{1,2}:\d\d\b)")
_NOON = 12


def speak_times(text: str) -> str:
    """Speak times of day; hours from 13 on become afternoon hours with "P M"."""
    text = _SPAN_FROM.sub(" to ", text)
    text = _HOURS_SPAN.sub(lambda m: f"{m[1] or ''} to ", text)
    text = _OPEN_HOUR.sub(lambda m: cardinal(m[1]), text)
    text = _CLOCK.sub(_speak_clock, text)
    return _WHOLE_HOUR.sub(
        lambda m: f"{cardinal(m['hour'])} {m['half'].upper()} M{point_after(m)}", text
    )


def _speak_clock(match: re.Match[str]) -> str:
    hour, minute = int(match["hour"]), match["minute"]
    half = f" {match['half'].upper()} M" if match["half"] else ""
    if not half and (hour > _NOON or hour == 0):
        half = " A M" if hour in (0, 24) else " P M"
    hour = hour % _NOON or _NOON
    spoken = cardinal(str(hour))
    if minute == "00":
        spoken += "" if half or match["second"] else " o'clock"
    else:
        spoken += f" oh {cardinal(minute)}" if minute[0] == "0" else f" {cardinal(minute)}"
    if int(match["second"] or 0) or match["part"]:
        spoken += f" and {match['second'].lstrip('0') or 0}{match['part'] or ''} seconds"
    return f"{spoken}{half}{_zone(match['zone'])}{point_after(match)}"


def _zone(zone: str | None) -> str:
    if not zone:
        return ""
    if zone in "Zz":
        return " U T C"
    hours, minutes = zone[1:3], zone[-2:]
    if hours == minutes == "00":
        return " U T C"
    tail = "" if minutes == "00" else f" {cardinal(minutes)}"
    return f" U T C {'plus' if zone[0] == '+' else 'minus'} {cardinal(hours)}{tail}"
