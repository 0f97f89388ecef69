"""Read SubRip (.srt) and WebVTT (.vtt) subtitles.

Sources: https://www.w3.org/TR/webvtt1/ sections 4 and 6; SubRip has no standard, its blocks are a
number, a line of times with a comma, and text up to an empty line.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from voxgate.corpus.cutting.words.given_texts.lines import GivenLine
from voxgate.corpus.line_faults import LineFaults
from voxgate.excerpts import excerpt

__all__ = ["parse_srt", "parse_vtt"]

_TIME = r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]?\d)[.,](\d{1,3})"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?")
_NOT_SPOKEN = re.compile(r"<[^>]*>|\{\\[^}]*\}|\[[^\]]*\]|[♪♫]")
"""Mark-up of both formats, and what subtitles say of sounds: "[music]"."""

_DASH = re.compile(r"^\s*[-–—]\s+")
_NO_CUES = ("NOTE", "STYLE", "REGION", "X-TIMESTAMP-MAP")

Numbered = list[tuple[int, str]]


def parse_srt(text: str, faults: LineFaults) -> list[GivenLine]:
    """Return the cues of a SubRip file; broken ones go to `faults`, by line."""
    return _cues(_blocks(text), faults)


def parse_vtt(text: str, faults: LineFaults) -> list[GivenLine]:
    """Return the cues of a WebVTT file; comments, styles and regions are no text."""
    blocks = list(_blocks(text))
    if not blocks or not blocks[0][0][1].startswith("WEBVTT"):
        faults.add(1, "expected WEBVTT, as every WebVTT file begins")
        return []
    header = [(number, line) for number, line in blocks[0][1:] if "-->" in line]
    if header:
        faults.add(header[0][0], "expected an empty line between WEBVTT and the first cue")
    cues = (block for block in blocks[1:] if not block[0][1].startswith(_NO_CUES))
    return _cues(cues, faults)


def _blocks(text: str) -> Iterator[Numbered]:
    block: Numbered = []
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if line.strip():
            block.append((number, line))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _cues(blocks: Iterator[Numbered], faults: LineFaults) -> list[GivenLine]:
    cues: list[GivenLine] = []
    for block in blocks:
        at = next((n for n, (_, line) in enumerate(block[:2]) if "-->" in line), None)
        if at is None:
            faults.add(
                block[0][0],
                "expected times (00:00:01,000 --> 00:00:02,500)",
                subject=excerpt(block[0][1]),
            )
            continue
        number, times = block[at]
        spoken = " ".join(filter(None, (_spoken(line) for _, line in block[at + 1 :])))
        cue = _cue(number, times, spoken, faults)
        if cue is not None and spoken:
            cues.append(cue)
    return cues


def _cue(number: int, times: str, spoken: str, faults: LineFaults) -> GivenLine | None:
    match = _TIMES.fullmatch(times)
    if match is None:
        faults.add(
            number, "expected HOURS:MINUTES:SECONDS,MILLISECONDS twice", subject=excerpt(times)
        )
        return None
    start_s, end_s = _seconds(match.groups()[:4]), _seconds(match.groups()[4:])
    if end_s < start_s:
        faults.add(number, "expected an end that is not before its start", subject=excerpt(times))
        return None
    return GivenLine(number=number, text=spoken, start_s=start_s, end_s=end_s)


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    whole = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + int(fraction.ljust(3, "0")) / 1000


def _spoken(line: str) -> str:
    return " ".join(html.unescape(_NOT_SPOKEN.sub(" ", _DASH.sub("", line))).split())
