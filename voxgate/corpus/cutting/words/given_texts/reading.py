"""Read a transcript of any known format; what is wrong with it is said all together."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from voxgate.corpus.cutting.words.given_texts.labels import is_label, parse_labels
from voxgate.corpus.cutting.words.given_texts.lines import GivenLine, GivenTranscript
from voxgate.corpus.cutting.words.given_texts.subtitles import parse_srt, parse_vtt
from voxgate.corpus.cutting.words.given_texts.text_grids import parse_text_grid
from voxgate.corpus.line_faults import LineFaults
from voxgate.errors import TranscriptError

__all__ = ["TRANSCRIPT_SUFFIXES", "read_transcript"]

_MAX_BYTES = 1 << 26
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

Parser = Callable[[str, LineFaults], list[GivenLine]]


def read_transcript(path: Path) -> GivenTranscript:
    """Read a transcript; its format is told by its suffix and, for .txt, by its content.

    Raises:
        TranscriptError: the suffix is unknown, the encoding is neither UTF-8 nor UTF-16, lines are
            broken (all of them are named), or there is no text.
    """
    suffix = path.suffix.lower()
    if suffix not in _FORMATS:
        known = ", ".join(TRANSCRIPT_SUFFIXES)
        raise TranscriptError(path.name, [f"expected one of {known}, got {suffix or 'no suffix'}"])
    text = _decoded(path)
    name, parse = _FORMATS[suffix]
    if suffix == ".txt" and _looks_like_labels(text):
        name, parse = _LABELS
    faults = LineFaults()
    lines = parse(text, faults)
    if faults:
        raise TranscriptError(path.name, faults.messages())
    if not any(any(map(str.isalnum, line.text)) for line in lines):
        raise TranscriptError(path.name, [f"expected words ({name}), got a file without any"])
    return GivenTranscript(name=path.name, format=name, lines=tuple(lines))


def _parse_plain(text: str, _faults: LineFaults) -> list[GivenLine]:
    lines = enumerate(re.split(r"\r\n|\n|\r", text), start=1)
    return [
        GivenLine(number=number, text=" ".join(line.split()))
        for number, line in lines
        if line.strip()
    ]


def _looks_like_labels(text: str) -> bool:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return is_label(first)


def _decoded(path: Path) -> str:
    if path.stat().st_size > _MAX_BYTES:
        fault = "expected a transcript of at most 64 MiB, got a larger file"
        raise TranscriptError(path.name, [fault])
    data = path.read_bytes()
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        fault = f"line {line}: expected UTF-8 or UTF-16, got another encoding; save it as UTF-8"
        raise TranscriptError(path.name, [fault]) from None
    if "\0" in text:
        fault = "expected text, got zero bytes; UTF-16 needs a byte order mark, or save it as UTF-8"
        raise TranscriptError(path.name, [fault])
    return text


_LABELS: tuple[str, Parser] = ("audacity", parse_labels)

_FORMATS: Mapping[str, tuple[str, Parser]] = {
    ".txt": ("plain", _parse_plain),
    ".srt": ("srt", parse_srt),
    ".vtt": ("vtt", parse_vtt),
    ".textgrid": ("textgrid", parse_text_grid),
}

TRANSCRIPT_SUFFIXES = tuple(_FORMATS)
"""Of files that may stand beside a recording of the same stem."""
