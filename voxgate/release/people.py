"""What people write: their names, and when two of them are one person's; lines of text.

A name is an id that is typed. Two are the same when they are the same text but for letter case,
blanks and the width of letters (NFKC). Two that merely look the same (Unicode TS 39: "confusable")
are never admitted as two people: a name keeps to one script, and `looks_like` compares shapes, so
that a name written in Cyrillic throughout does not pass beside the Latin one that it imitates.
"""

from __future__ import annotations

import re
import unicodedata

from voxgate.errors import ReleaseError
from voxgate.printable import describe_character, find_unprintable

__all__ = ["is_policy", "looks_like", "person_id", "require_line", "require_name"]

MAX_NAME = 200
_RESERVED = re.compile(r"pollcy\W")
"""How `policy:` looks, by `_shape`."""

_WRITTEN_TOGETHER = (
    frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}),
    frozenset({"CJK", "BOPOMOFO"}),
    frozenset({"CJK", "HANGUL"}),
)
"""Scripts that one name may mix (TS 39, highly restrictive; Latin beside them is not needed)."""

_PHONETIC = re.compile("[\u01c0-\u01c3\u0250-\u02af\u1d00-\u1dbf\u2c60-\u2c7f\ua720-\ua7ff]")
"""Latin letters of phonetic notation, nearly all of them a look-alike of a plain one."""

_SHAPES = str.maketrans(
    # Cyrillic, Greek and Armenian letters by the Latin one that they look like, both cases alike.
    "АВЕЅІЈКМНОРСТУХаесіјорѕухкмнтвпгьԁԛԝһѵӏүЬΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβεικνορτυχγηωσՕՍԼօոսհցզ",
    "abesljkmhopctyxaecljopsyxkmhtbnrbdqwhvlybabezhlkmnoptyxabelkvoptuxynwooulonuhgq",
)
_ALIKE = str.maketrans("ıi1|!0øđłħŧƅƨƽƿȷ", "lllll" + "oodlhtbsspj")


def require_name(name: str, *, option: str = "--by") -> None:
    """Stop a name that could be taken for another one.

    Raises:
        ReleaseError: it is empty or too long, does not print, or mixes scripts.
    """
    if not name.strip():
        raise ReleaseError(f"{option} is empty: the audit keeps who decided, and why")
    if len(name) > MAX_NAME:
        raise ReleaseError(f"{option}: expected a name of at most {MAX_NAME} characters")
    problem = _problem(unicodedata.normalize("NFC", name))
    if problem is not None:
        raise ReleaseError(
            f"{option} {name!a}: {problem}; a name is printable letters of one script, so "
            "that nobody can be taken for somebody else"
        )


def require_line(text: str, *, option: str, limit: int) -> None:
    """Stop text that would be more than one line of the audit, or look like another one.

    Raises:
        ReleaseError: it is too long, or a character of it does not print.
    """
    hidden = find_unprintable(text)
    if hidden is not None or len(text) > limit:
        found = f"{len(text)}" if hidden is None else describe_character(hidden)
        raise ReleaseError(
            f"{option}: expected one line of at most {limit} printable characters, got {found}; "
            "line breaks, escape sequences and controls of direction could forge the audit"
        )


def person_id(name: str) -> str:
    """Return the form in which names are compared: one for all spellings of the same name."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    visible = "".join(
        c for c in folded if unicodedata.category(c) not in ("Cf", "Cc") or c.isspace()
    )
    return " ".join(visible.split())


def looks_like(name: str, other: str) -> bool:
    """Tell whether a reader can take one name for the other; true for the same name."""
    return _shape(name) == _shape(other)


def is_policy(name: str) -> bool:
    """Tell whether a name is, or looks like, one that decisions without a person go by."""
    return _RESERVED.match(_shape(name)) is not None


def _shape(name: str) -> str:
    wide = unicodedata.normalize("NFKC", name).translate(_SHAPES)
    plain = unicodedata.normalize("NFKD", person_id(wide)).translate(_ALIKE).translate(_SHAPES)
    base = "".join(c for c in plain if not unicodedata.category(c).startswith("M"))
    return base.replace(" ", "").replace("rn", "m").replace("vv", "w")


def _problem(name: str) -> str | None:
    hidden = find_unprintable(name) or next((c for c in name if c in "\u200c\u200d"), None)
    if hidden is not None:
        return f"{describe_character(hidden)} does not print"
    letters = unicodedata.normalize("NFKC", name)
    phonetic = _PHONETIC.search(letters) or _PHONETIC.search(letters.casefold())
    if phonetic is not None:
        return f"{describe_character(phonetic[0])} is a letter of phonetic notation"
    loose = next((c for c in letters if unicodedata.combining(c) and _script_of(c) is None), None)
    if loose is not None:
        return f"{describe_character(loose)} stands on a letter that has no such form"
    scripts = {script for c in letters if c.isalpha() and (script := _script_of(c)) is not None}
    if len(scripts) > 1 and not any(scripts <= together for together in _WRITTEN_TOGETHER):
        return f"it mixes {' and '.join(sorted(script.title() for script in scripts))} letters"
    return None


def _script_of(character: str) -> str | None:
    """Return the script by the first word of the character's name; None of what all share."""
    word = unicodedata.name(character, "UNNAMED").partition(" ")[0]
    return None if word in ("COMBINING", "MODIFIER", "UNNAMED") else word
