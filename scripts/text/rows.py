"""Rows of text and the phonemes that the networks were trained to hear, and who reads them.

`tests/cases/languages` holds the rows; its README says what the fields are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voxgate.errors import TextError
from voxgate.text.front_ends import open_front_end
from voxgate.text.mixed import MixedFrontEnd

__all__ = ["FOLDER", "Outcome", "front_end_of", "load_rows", "read_row"]

FOLDER = Path(__file__).parents[2] / "tests" / "cases" / "languages"
_EVERY = ("ja", "ko", "en")
_ACCENT = {"[", "]", "UNK", "_"}


@dataclass(frozen=True)
class Outcome:
    """How a row was read; `accents` is None where the row has none to compare."""

    row: Mapping[str, Any]
    is_right: bool
    accents: bool | None
    got: str

    @property
    def upstream_is_wrong(self) -> bool:
        """The row says what GPT-SoVITS should have said."""
        return bool(self.row["upstream_wrong"])


def load_rows(name: str) -> list[dict[str, Any]]:
    """Return the rows of one set: en, zh, ja, yue, ko or mixed."""
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def front_end_of(mode: str, opened: dict[str, MixedFrontEnd]) -> MixedFrontEnd:
    """Return what reads rows of this mode; `opened` keeps it."""
    if mode not in opened:
        language = {"auto": "zh", "auto_yue": "yue"}.get(mode, mode.removeprefix("all_"))
        opened[mode] = open_front_end(language, languages=_EVERY if mode.startswith("auto") else ())
    return opened[mode]


def read_row(row: Mapping[str, Any], front_end: MixedFrontEnd) -> Outcome:
    """Read a row and compare its phonemes; Japanese ones without the marks of accent."""
    try:
        spoken = front_end.read(row["text"])
    except TextError as error:
        return Outcome(row, is_right=False, accents=None, got=f"refused: {error}")
    if "phones" not in row:
        # English rows with a right answer say words: capitals and apostrophes are not heard
        right = {_heard(text) for text in (row["normalised"], *row.get("also", ()))}
        return Outcome(row, is_right=_heard(spoken.text) in right, accents=None, got=spoken.text)
    phones = [phone for word in spoken.words for phone in word.phones]
    answers = [row["phones"], *map(_phones_of, row.get("also", ()))]
    wanted = [_without_prefix(answer.split(), row) for answer in answers]
    is_right = _bare(phones) in map(_bare, wanted)
    has_accents = bool(_ACCENT & set(wanted[0]))
    return Outcome(
        row,
        is_right=is_right,
        accents=phones in wanted if has_accents else None,
        got=" ".join(phones),
    )


def _phones_of(answer: str | Mapping[str, Any]) -> str:
    if isinstance(answer, str):
        return answer
    return " ".join(answer.get("phones") or answer["phones_without_prosody"])


def _without_prefix(phones: Sequence[str], row: Mapping[str, Any]) -> list[str]:
    """Upstream puts a mark before short texts; here that is done once, for all languages."""
    return list(phones[1:] if row.get("short_text_prefix") and phones[0] in ".," else phones)


def _heard(text: str) -> str:
    return text.casefold().replace("'", "")


def _bare(phones: Sequence[str]) -> list[str]:
    return [phone for phone in phones if phone not in _ACCENT]
