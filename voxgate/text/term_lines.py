"""Lines of a user lexicon: how a word is written, how it is read, a sentence that says it.

One form for all languages; what a reading looks like is for the language to say. Every broken line
is named at once, so that a person mends the file in one go.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from voxgate.errors import ConfigError, TextError

__all__ = ["Term", "read_terms"]

_MAX_WRITTEN = 60


@dataclass(frozen=True, kw_only=True)
class Term:
    """One line of a lexicon."""

    written: str
    reading: str
    carrier: str | None
    """A sentence that says the word, for tests and prompts."""

    line: int


def read_terms(path: Path, *, check: Callable[[Term], str | None]) -> tuple[Term, ...]:
    """Read lines `written<TAB>reading` or `written<TAB>reading<TAB>sentence`; `#` opens a comment.

    `check` returns what is wrong with a term, in the words of its language, or None.

    Raises:
        ConfigError: lines are broken; names all of them.
        TextError: the file is missing or is not UTF-8 text.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TextError(f"cannot read the user lexicon {path}: {error}; need UTF-8 text") from error
    terms: dict[str, Term] = {}
    faults: list[str] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        term, fault = _read_line(line, number)
        if term is not None:
            fault = check(term)
            if term.written in terms:
                first = terms[term.written].line
                fault = f"{term.written!r} stands in line {first} too; keep one line"
            terms.setdefault(term.written, term)
        if fault:
            faults.append(f"line {number}: {fault}")
    if faults:
        raise ConfigError(str(path), faults)
    return tuple(terms.values())


def _read_line(line: str, number: int) -> tuple[Term | None, str | None]:
    fields = [field.strip() for field in line.split("\t")]
    if len(fields) not in (2, 3) or not fields[0] or not fields[1]:
        return None, (
            f"{line.strip()!r}: need the word, a tab, its reading, and if you like another tab and "
            "a sentence that says it"
        )
    written, reading = fields[:2]
    if len(written) > _MAX_WRITTEN:
        return None, f"{written[:_MAX_WRITTEN]!r}…: need at most {_MAX_WRITTEN} characters"
    carrier = fields[2] if len(fields) == 3 and fields[2] else None  # noqa: PLR2004 three columns
    if carrier is not None and written not in carrier:
        return None, f"the sentence {carrier!r} does not say {written!r}"
    return Term(written=written, reading=reading, carrier=carrier, line=number), None
