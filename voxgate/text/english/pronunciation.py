"""Pronounce normalised English: from the user's lexicon down to the spelling model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, get_args

from voxgate.text.english.grapheme_to_phoneme import spelling_model
from voxgate.text.english.homographs import pronounce_homograph
from voxgate.text.english.letters import LETTER_NAMES
from voxgate.text.english.lexicon import Lexicon
from voxgate.text.english.word_forms import pronounce_compound, pronounce_inflected
from voxgate.text.front_end import Phones, SpokenWord
from voxgate.text.symbols import PUNCTUATION

__all__ = ["Source", "pronounce"]

Source = Literal[
    "user", "lexicon", "homograph", "letter", "inflected", "compound", "letters", "guess"
]
"""How a pronunciation was found, from the surest to the least sure."""

_SOURCES: tuple[str, ...] = get_args(Source)
_TOKEN = re.compile(r"[A-Za-z']+(?:-[A-Za-z']+)*|[,.!?…-]")
_MAX_SPELLED = 3


def pronounce(text: str, lexicon: Lexicon) -> tuple[SpokenWord, ...]:
    """Pronounce the words and marks of normalised text; `source` is a `Source`."""
    # From the last word to the first: "the" depends on the sound that follows.
    tokens: Sequence[str] = _TOKEN.findall(text)
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
    return tuple(reversed(spoken))


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
    return replace(_look_up(word, lexicon), word=token)


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
    return SpokenWord(word=word, phones=found, source=source, guessed=source == "guess")


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
        guessed=any(part.guessed for part in found),
    )


def _letter_names(letters: str) -> Phones:
    return tuple(phone for letter in letters for phone in LETTER_NAMES[letter].split())
