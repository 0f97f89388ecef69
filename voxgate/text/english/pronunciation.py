"""From text to the phoneme ids that the models read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from voxgate.errors import TextError
from voxgate.text.english.grapheme_to_phoneme import spelling_model
from voxgate.text.english.homographs import pronounce_homograph
from voxgate.text.english.letters import LETTER_NAMES
from voxgate.text.english.lexicon import Lexicon, Phones
from voxgate.text.english.normalisation import normalise
from voxgate.text.english.word_forms import pronounce_compound, pronounce_inflected
from voxgate.text.symbols import PUNCTUATION, SymbolTable, symbol_table

__all__ = ["LANGUAGES", "Phonemes", "Source", "SpokenWord", "to_phonemes"]

LANGUAGES = ("en",)
"""Languages that have a front end."""

Source = Literal[
    "user", "lexicon", "homograph", "letter", "inflected", "compound", "letters", "guess"
]
"""How a pronunciation was found, from the surest to the least sure."""

_SOURCES: tuple[Source, ...] = get_args(Source)
_TOKEN = re.compile(r"[A-Za-z']+(?:-[A-Za-z']+)*|[,.!?…-]")
_MIN_PHONES = 4
_LEAD_IN = ","
_MAX_SPELLED = 3


@dataclass(frozen=True, kw_only=True)
class SpokenWord:
    """A word of the normalised text, its phonemes, and where they come from."""

    word: str
    phones: Phones
    source: Source


@dataclass(frozen=True, kw_only=True)
class Phonemes:
    """A text as the models read it.

    `phones` holds the words' phonemes and the punctuation, in order, without word borders;
    `ids[i]` is the id of `phones[i]` in the table.
    """

    text: str
    """The normalised text."""

    phones: tuple[str, ...]
    ids: tuple[int, ...]
    words: tuple[SpokenWord, ...]

    @property
    def guessed_words(self) -> tuple[str, ...]:
        """Words that only the spelling model knew; candidates for a user lexicon."""
        return tuple(word.word for word in self.words if word.source == "guess")


def to_phonemes(
    text: str,
    *,
    lexicon: Lexicon,
    symbols: SymbolTable | None = None,
    language: str = "en",
    lead_in: bool = True,
) -> Phonemes:
    """Normalise `text` and look its words up.

    `symbols` is the v2 table by default. `lead_in` puts a comma before texts of fewer than 4
    phonemes, as upstream does: its models stumble over very short inputs.

    Raises:
        TextError: the language has no front end, or the text has nothing to speak.
    """
    if language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise TextError(f"language {language!r} has no text front end; there are: {known}")
    spoken = normalise(text)
    if not spoken:
        raise TextError(f"nothing to speak in {_shortened(text)}; need at least one word or number")
    table = symbols or symbol_table("v2")
    tokens: list[str] = _TOKEN.findall(spoken)
    words = _pronounce_all(tokens, lexicon)
    phones = [phone for entry in words for phone in entry.phones]
    if lead_in and len(phones) < _MIN_PHONES:
        phones.insert(0, _LEAD_IN)
    return Phonemes(
        text=spoken,
        phones=tuple(phones),
        ids=table.ids_of(phones),
        words=tuple(word for word in words if word.word not in PUNCTUATION),
    )


def _pronounce_all(tokens: Sequence[str], lexicon: Lexicon) -> list[SpokenWord]:
    """Pronounce from the last word to the first: "the" depends on the sound that follows."""
    spoken: list[SpokenWord] = []
    following: SpokenWord | None = None
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        if token in PUNCTUATION:
            following = None
            spoken.append(SpokenWord(word=token, phones=(token,), source="lexicon"))
            continue
        before = tokens[index - 1] if index and tokens[index - 1] not in PUNCTUATION else ""
        following = _pronounce(token, before, following, lexicon)
        spoken.append(following)
    return spoken[::-1]


def _pronounce(
    token: str, before: str, following: SpokenWord | None, lexicon: Lexicon
) -> SpokenWord:
    word = token.lower()
    if word in lexicon.user:
        return SpokenWord(word=token, phones=lexicon.user[word], source="user")
    if word == "a":
        phones = ("AH0",) if _is_article(token, before, following) else ("EY1",)
        return SpokenWord(word=token, phones=phones, source="letter")
    if len(word) == 1:
        return SpokenWord(word=token, phones=_letter_names(word), source="letter")
    homograph = pronounce_homograph(
        word,
        before=before.lower(),
        after=following.word.lower() if following else "",
        before_vowel=following is not None and following.phones[0][-1].isdigit(),
    )
    if homograph:
        return SpokenWord(word=token, phones=homograph, source="homograph")
    found = _look_up(word, lexicon)
    return SpokenWord(word=token, phones=found.phones, source=found.source)


def _is_article(written: str, before: str, following: SpokenWord | None) -> bool:
    """Tell the article from the letter: a capital A inside a text or an acronym is a letter."""
    if following is None:
        return False
    return written == "a" or not (before or re.fullmatch("[B-Z](?:'s)?", following.word))


def _look_up(word: str, lexicon: Lexicon) -> SpokenWord:
    """Try, from the surest: dictionaries, parts, forms, compounds, letters, the spelling model."""
    found: Phones | None = lexicon.find(word)
    source: Source = "lexicon"
    if not found and "-" in word:
        return _look_up_parts(word, lexicon)
    if not found:
        found, source = pronounce_inflected(word, lexicon.find), "inflected"
    if not found:
        found, source = pronounce_compound(word, lexicon.find), "compound"
    letters = word.replace("'", "")
    if not found and len(letters) <= _MAX_SPELLED and not re.search("[aeiouy]", letters):
        found, source = _letter_names(letters), "letters"
    if not found:
        found, source = spelling_model().pronounce(letters), "guess"
    return SpokenWord(word=word, phones=found, source=source)


def _look_up_parts(word: str, lexicon: Lexicon) -> SpokenWord:
    """Look the parts of a hyphenated word up; the least sure part names the source."""
    found = [
        SpokenWord(word=part, phones=_letter_names(part), source="letters")
        if len(part) == 1 and part != "a"
        else _look_up(part, lexicon)
        for part in word.split("-")
    ]
    return SpokenWord(
        word=word,
        phones=tuple(phone for part in found for phone in part.phones),
        source=max((part.source for part in found), key=_SOURCES.index),
    )


def _letter_names(letters: str) -> Phones:
    return tuple(phone for letter in letters for phone in LETTER_NAMES[letter].split())


def _shortened(text: str) -> str:
    limit = 60
    return repr(text if len(text) <= limit else text[:limit] + "…")
