"""Spell acronyms, split words that mix cases or digits, and calm shouted text."""

from __future__ import annotations

import re

from voxgate.text.english.sentence_ends import OPENERS, point_after

__all__ = ["LETTER_NAMES", "spell_acronyms", "split_mixed_words"]

LETTER_NAMES = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        "EY1,B IY1,S IY1,D IY1,IY1,EH1 F,JH IY1,EY1 CH,AY1,JH EY1,K EY1,EH1 L,EH1 M,EH1 N,OW1,"
        "P IY1,K Y UW1,AA1 R,EH1 S,T IY1,Y UW1,V IY1,D AH1 B AH0 L Y UW0,EH1 K S,W AY1,Z IY1".split(
            ","
        ),
        strict=True,
    )
)
"""How the letters are called, in ARPAbet."""

_SPOKEN_ACRONYMS = frozenset(
    "AIDS ASAP BIOS CAPTCHA COVID DAHDI DOS FIFA GIF GNOME JPEG JSON LAN LASER MIDI NAFTA "
    "NASA NATO NASDAQ OPEC PIN POSIX RADAR RAID RAM ROM SAAS SARS SCSI SCUBA SIM SIP SOHO SONAR "
    "SWAT UNESCO UNICEF WAN WAV WIFI YAML ZIP".split()
)
"""Acronyms that are spoken as a word."""

_STRESSED_WORDS = frozenset(
    "A ALL ALWAYS AND ANY ARE BUT BY CAN DO FOR FREE FROM GO HE HER HIM HIS HOW I IF IN IS IT ITS "
    "MAY ME MORE MUST MY NEVER NEW NO NONE NOT NOW OF OFF ON ONCE ONE ONLY OR OUR OUT PLEASE READ "
    "SHE SO STAR STOP THAT THE THEN THEY THIS TO TOO TWO UP VERY WAS WE WHAT WHEN WHO WHY WILL "
    "WITH YES YOU YOUR".split()
)
"""Words that people capitalise for stress. IT and US are acronyms when so written."""

_MAX_SPELLED = 4
_WINDOW = 24
_UNSPEAKABLE = re.compile(
    "^[^AEIOUY]+$|[^AEIOUY]{5}|^(?!SCH|SCR|SHR|SPL|SPR|STR|THR|CHR|PHR)[^AEIOUY]{3}"
)
_CAPITALS = re.compile(r"\b([A-Z]{2,})((?:'?s)?)\b(?!')")
_DOTTED = re.compile(r"\b((?:[A-Za-z]\.){2,10}+)(?!\w)")
_INITIAL = re.compile(
    rf"\b([A-Z])\.(?= (?!(?:{OPENERS})\b(?!(?<=\s[AI])\.))(?:[A-Z]\.|[A-Z][a-z]))"
)
_BEFORE_INITIAL = re.compile(
    r"(?:^|[A-Z][a-z]+ |\b[A-Z]\.? |\b(?:by|and|to|of|from|with|for|that) |[\"(])$"
)
_LETTERED = re.compile(
    r"\b(?:Type|Class|Appendix|Vitamin|Grade|Plan|Section|Part|Hepatitis|Group|Team|Gate|Exhibit|Option|"
    r"Model|Category|Block|Building|Room|Apartment|Suite|Unit|Point|Line|Figure|Table|Terminal) $"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2,})")
_NAME_PREFIX = re.compile(r"^(?:Mc|Mac|De|Di|La|Le|Van|Fitz)[A-Z]")
_LETTERS_DIGITS = re.compile(r"(?<=[A-Za-z])-?(?=\d)|(?<=\d)-?(?=[A-Za-z])")
_WORD = re.compile(r"[A-Za-z]+")


def split_mixed_words(text: str) -> str:
    """Separate letters from digits ("MP3") and the parts of camel case ("OpenAI")."""
    text = _LETTERS_DIGITS.sub(" ", text)
    return _WORD.sub(lambda m: _split_camel(m.group()), text)


def spell_acronyms(text: str) -> str:
    """Spell words in capitals letter by letter, unless they are known to be spoken as words.

    A text without any small letter and with several words is shouted: it is written small, so
    that its words are looked up as words.
    """
    if _is_shouted(text):
        return text.lower()
    text = _INITIAL.sub(_join_initial, _DOTTED.sub(_spell_dotted, text))
    return _CAPITALS.sub(_spell_capitals, text)


def _split_camel(word: str) -> str:
    if _NAME_PREFIX.match(word) or re.fullmatch(r"[A-Z]+s", word):
        return word
    return _CAMEL.sub(" ", word)


def _is_shouted(text: str) -> bool:
    words = [word for word in _WORD.findall(text) if len(word) > 1]
    return not re.search("[a-z]", text) and any(
        len(word) > _MAX_SPELLED or word in _STRESSED_WORDS for word in words
    )


def _spell_dotted(match: re.Match[str]) -> str:
    return " ".join(match[1].replace(".", "").upper()) + point_after(match)


def _join_initial(match: re.Match[str]) -> str:
    """Drop the point of "J. Smith" and "J. K. Rowling", but not the one of "vitamin C. Then"."""
    before = match.string[max(0, match.start() - _WINDOW) : match.start()]
    is_run = match.string[match.end() + 2 : match.end() + 3] == "."
    is_name = _BEFORE_INITIAL.search(before) and not _LETTERED.search(before)
    return match[1] if is_run or is_name else match.group()


def _spell_capitals(match: re.Match[str]) -> str:
    word, ending = match.groups()
    is_word = len(word) > _MAX_SPELLED and not _UNSPEAKABLE.search(word)
    if is_word or word in _SPOKEN_ACRONYMS or word in _STRESSED_WORDS:
        return match.group()
    return " ".join(word) + ("'s" if ending else "")
