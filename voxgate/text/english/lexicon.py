"""Pronunciations of English words: the CMU dictionary, and the user's own words above it."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

from voxgate.errors import ConfigError, TextError
from voxgate.files import digest_bytes
from voxgate.text.front_end import Phones
from voxgate.text.symbols import PUNCTUATION, SymbolTable, symbol_table

__all__ = [
    "Lexicon",
    "cmu_dictionary",
    "dictionary_digest",
    "load_lexicon",
    "read_user_lexicon",
]

_LINE = re.compile(
    r"(?P<word>[^\s]+)(?:\t+| {2,})(?P<phones>\S[^\t]*)(?:\t+(?P<carrier>\S[^\t]*))?"
)
_DAY_FIRST = "!dates day-first"
_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*")


@dataclass(frozen=True)
class Lexicon:
    """Where pronunciations come from; words are small letters, apostrophes and hyphens.

    Phonemes are ARPAbet with stress digits on the vowels. `user` overrides everything, the
    homograph rules too.
    """

    user: Mapping[str, Phones] = field(default_factory=dict)
    dictionary: Mapping[str, str] = field(default_factory=dict, repr=False)

    day_first: bool = False
    """The user's file says so: 3/4/2024 is April third."""

    def find(self, word: str) -> Phones | None:
        """Return the first pronunciation of `word` in small letters, or None."""
        if word in self.user:
            return self.user[word]
        phones = self.dictionary.get(word)
        return None if phones is None else tuple(phones.split())

    def __contains__(self, word: object) -> bool:
        return word in self.user or word in self.dictionary


def load_lexicon(user_file: Path | None = None, *, symbols: SymbolTable | None = None) -> Lexicon:
    """Return the CMU dictionary, below the words of `user_file` if there is one.

    Raises:
        ConfigError: `user_file` has broken lines; names all of them.
        TextError: `user_file` is missing or is not UTF-8 text.
    """
    if user_file is None:
        return Lexicon(dictionary=cmu_dictionary())
    return Lexicon(
        user=read_user_lexicon(user_file, symbols=symbols or symbol_table("v2")),
        dictionary=cmu_dictionary(),
        day_first=_DAY_FIRST in map(_content, _lines(user_file)),
    )


def read_user_lexicon(path: Path, *, symbols: SymbolTable) -> dict[str, Phones]:
    """Read lines `word<TAB>AH0 B AW1 T`, or two spaces in place of the tab; `#` starts a comment.

    Behind another tab may stand a sentence that says the word, for tests and prompts. The line
    `!dates day-first` is no word but a setting: see `Lexicon.day_first`.

    Raises:
        ConfigError: lines are broken, name unknown phonemes, or repeat a word; names all of them.
        TextError: the file is missing or is not UTF-8 text.
    """
    words: dict[str, Phones] = {}
    faults: list[str] = []
    for number, line in enumerate(_lines(path), start=1):
        content = _content(line)
        if content in ("", _DAY_FIRST):
            continue
        fault = _read_line(content, words, symbols)
        if fault:
            faults.append(f"line {number}: {fault}")
    if faults:
        raise ConfigError(str(path), faults)
    return words


@cache
def cmu_dictionary() -> Mapping[str, str]:
    """Read the CMU dictionary that ships with the package; first pronunciations only."""
    entries: dict[str, str] = {}
    for line in gzip.decompress(_dictionary_file()).decode().splitlines():
        word, _, phones = line.partition(" ")
        if "(" not in word:
            entries[word] = phones
    return entries


def dictionary_digest() -> str:
    """Return the SHA-256 of the file of the CMU dictionary."""
    return digest_bytes(_dictionary_file())


def _dictionary_file() -> bytes:
    return files("voxgate.text.english").joinpath("data", "cmudict.txt.gz").read_bytes()


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TextError(f"cannot read the user lexicon {path}: {error}; need UTF-8 text") from error


def _content(line: str) -> str:
    return line.partition("#")[0].strip()


def _read_line(  # noqa: PLR0911 - a return a fault
    content: str, words: dict[str, Phones], symbols: SymbolTable
) -> str | None:
    """Add one line to `words`, or return what is wrong with it."""
    if content.startswith("!"):
        return f"{content!r}: the only setting there is is {_DAY_FIRST!r}"
    match = _LINE.fullmatch(content)
    if match is None:
        return f"{content!r}: need a word, a tab or two spaces, then phonemes such as HH AH0 L OW1"
    word, phones = match["word"].lower(), tuple(match["phones"].upper().split())
    if not _WORD.fullmatch(word):
        return f"word {match['word']!r}: need letters a-z, with ' or - inside only"
    if word in words:
        return f"word {word!r} stands here a second time; keep one line"
    unknown = [phone for phone in phones if phone not in symbols or phone in PUNCTUATION]
    if unknown:
        return f"word {word!r}: unknown phonemes {', '.join(unknown)}; need ARPAbet, as AH0 or K"
    if word not in (match["carrier"] or word).lower():
        return f"word {word!r}: the sentence {match['carrier']!r} does not say it"
    words[word] = phones
    return None
