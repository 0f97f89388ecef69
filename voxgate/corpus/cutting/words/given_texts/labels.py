"""Read Audacity's exported labels: start, end and text of each line, between tabs, in seconds."""

from __future__ import annotations

import re

from voxgate.corpus.cutting.words.given_texts.lines import GivenLine
from voxgate.corpus.line_faults import LineFaults
from voxgate.excerpts import excerpt

__all__ = ["is_label", "parse_labels"]

_LABEL = re.compile(r"\s*(\d+(?:[.,]\d+)?)\t\s*(\d+(?:[.,]\d+)?)(?:\t(.*))?")
_FREQUENCIES = "\\\t"
"""Begins the second line of a label that was drawn in the spectrogram."""


def is_label(line: str) -> bool:
    """Tell whether a line is a label."""
    return _LABEL.fullmatch(line) is not None


def parse_labels(text: str, faults: LineFaults) -> list[GivenLine]:
    """Return the labels that have a text; a decimal comma is a point, as some languages write."""
    found = []
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if not line.strip() or line.startswith(_FREQUENCIES):
            continue
        match = _LABEL.fullmatch(line)
        if match is None:
            faults.add(number, "expected START, END and TEXT between tabs", subject=excerpt(line))
            continue
        start_s, end_s = (float(part.replace(",", ".")) for part in match.groups()[:2])
        if end_s < start_s:
            faults.add(
                number, "expected an end that is not before its start", subject=excerpt(line)
            )
        elif words := " ".join((match[3] or "").split()):
            found.append(GivenLine(number=number, text=words, start_s=start_s, end_s=end_s))
    return found
