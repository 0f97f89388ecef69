"""Words that are spelled alike and spoken differently, told apart by their neighbours.

No part-of-speech tagger: one rule a word class, from the word before and the word after. Where
the neighbours say nothing, the reading that is more common in running text is taken.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["pronounce_homograph"]

_BEFORE_VERB = frozenset(
    "to can could will would shall should may might must please not never always also i you we "
    "they who let's don't didn't doesn't won't can't cannot couldn't "
    "wouldn't then and or now".split()
)
_AFTER_VERB = frozenset(
    "the a an your my our his her their its this that these those it them me us".split()
)
_BEFORE_NOUN = frozenset(
    "the a an my your his her its our their this that each every no any some of in on for new last "
    "first second next one two three per from by with".split()
)
_BEFORE_PARTICIPLE = frozenset(
    "have has had having was were is are be been being already just i've you've we've they've "
    "he's she's it's i'd".split()
)


@dataclass(frozen=True)
class _Pair:
    """Two readings of a spelling; `verb_by_default` decides where the neighbours do not."""

    verb: str
    other: str
    verb_by_default: bool = False


_VERB_OR_NOUN = {
    "record": _Pair("R IH0 K AO1 R D", "R EH1 K ER0 D"),
    "records": _Pair("R IH0 K AO1 R D Z", "R EH1 K ER0 D Z"),
    "present": _Pair("P R IY0 Z EH1 N T", "P R EH1 Z AH0 N T"),
    "presents": _Pair("P R IY0 Z EH1 N T S", "P R EH1 Z AH0 N T S"),
    "object": _Pair("AH0 B JH EH1 K T", "AA1 B JH EH0 K T"),
    "objects": _Pair("AH0 B JH EH1 K T S", "AA1 B JH EH0 K T S"),
    "project": _Pair("P R AH0 JH EH1 K T", "P R AA1 JH EH0 K T"),
    "projects": _Pair("P R AH0 JH EH1 K T S", "P R AA1 JH EH0 K T S"),
    "permit": _Pair("P ER0 M IH1 T", "P ER1 M IH2 T"),
    "permits": _Pair("P ER0 M IH1 T S", "P ER1 M IH2 T S"),
    "reject": _Pair("R IH0 JH EH1 K T", "R IY1 JH EH0 K T", verb_by_default=True),
    "increase": _Pair("IH0 N K R IY1 S", "IH1 N K R IY2 S", verb_by_default=True),
    "decrease": _Pair("D IH0 K R IY1 S", "D IY1 K R IY2 S", verb_by_default=True),
    "import": _Pair("IH0 M P AO1 R T", "IH1 M P AO2 R T"),
    "export": _Pair("IH0 K S P AO1 R T", "EH1 K S P AO2 R T"),
    "update": _Pair("AH0 P D EY1 T", "AH1 P D EY2 T"),
    "upgrade": _Pair("AH0 P G R EY1 D", "AH1 P G R EY2 D"),
    "conduct": _Pair("K AH0 N D AH1 K T", "K AA1 N D AH0 K T"),
    "conflict": _Pair("K AH0 N F L IH1 K T", "K AA1 N F L IH0 K T"),
    "contract": _Pair("K AH0 N T R AE1 K T", "K AA1 N T R AE2 K T"),
    "contrast": _Pair("K AH0 N T R AE1 S T", "K AA1 N T R AE0 S T"),
    "convert": _Pair("K AH0 N V ER1 T", "K AA1 N V ER0 T", verb_by_default=True),
    "produce": _Pair("P R AH0 D UW1 S", "P R OW1 D UW0 S", verb_by_default=True),
    "progress": _Pair("P R AH0 G R EH1 S", "P R AA1 G R EH2 S"),
    "protest": _Pair("P R AH0 T EH1 S T", "P R OW1 T EH2 S T"),
    "rebel": _Pair("R IH0 B EH1 L", "R EH1 B AH0 L"),
    "subject": _Pair("S AH0 B JH EH1 K T", "S AH1 B JH IH0 K T"),
    "survey": _Pair("S ER0 V EY1", "S ER1 V EY2"),
    "suspect": _Pair("S AH0 S P EH1 K T", "S AH1 S P EH2 K T"),
    "transfer": _Pair("T R AE0 N S F ER1", "T R AE1 N S F ER0"),
    "transport": _Pair("T R AE0 N S P AO1 R T", "T R AE1 N S P AO0 R T"),
    "desert": _Pair("D IH0 Z ER1 T", "D EH1 Z ER0 T"),
    "use": _Pair("Y UW1 Z", "Y UW1 S", verb_by_default=True),
    "house": _Pair("HH AW1 Z", "HH AW1 S"),
    "excuse": _Pair("IH0 K S K Y UW1 Z", "IH0 K S K Y UW1 S", verb_by_default=True),
    "abuse": _Pair("AH0 B Y UW1 Z", "AH0 B Y UW1 S"),
    "live": _Pair("L IH1 V", "L AY1 V", verb_by_default=True),
    "close": _Pair("K L OW1 Z", "K L OW1 S", verb_by_default=True),
    "separate": _Pair("S EH1 P ER0 EY2 T", "S EH1 P ER0 AH0 T"),
    "estimate": _Pair("EH1 S T AH0 M EY2 T", "EH1 S T AH0 M AH0 T"),
    "duplicate": _Pair("D UW1 P L AH0 K EY2 T", "D UW1 P L AH0 K AH0 T"),
    "delegate": _Pair("D EH1 L AH0 G EY2 T", "D EH1 L AH0 G AH0 T"),
    "alternate": _Pair("AO1 L T ER0 N EY2 T", "AO1 L T ER0 N AH0 T"),
    "tear": _Pair("T EH1 R", "T IH1 R"),
    "wind": _Pair("W AY1 N D", "W IH1 N D"),
    "lead": _Pair("L IY1 D", "L IY1 D"),
    "attribute": _Pair("AH0 T R IH1 B Y UW0 T", "AE1 T R AH0 B Y UW2 T"),
    "refuse": _Pair("R AH0 F Y UW1 Z", "R EH1 F Y UW2 Z", verb_by_default=True),
}

_CLOSE_AS_ADJECTIVE = frozenset("to by enough friend friends call".split())
_FIXED = {"does": "D AH1 Z", "minute": "M IH1 N AH0 T", "minutes": "M IH1 N AH0 T S"}


def pronounce_homograph(
    word: str, *, before: str, after: str, before_vowel: bool
) -> tuple[str, ...] | None:
    """Return the phonemes of a homograph, or None where `word` is none.

    `before` and `after` are the neighbouring words in small letters, "" at a pause or an end.
    """
    if word in _FIXED:
        return tuple(_FIXED[word].split())
    if word == "the":
        return ("DH", "IY0") if before_vowel else ("DH", "AH0")
    if word == "read":
        return ("R", "EH1", "D") if before in _BEFORE_PARTICIPLE else ("R", "IY1", "D")
    if word == "close" and (after in _CLOSE_AS_ADJECTIVE or before in _BEFORE_PARTICIPLE | {"too"}):
        return tuple(_VERB_OR_NOUN[word].other.split())
    pair = _VERB_OR_NOUN.get(word)
    if pair is None:
        return None
    is_verb = _is_verb(before, after, default=pair.verb_by_default)
    return tuple((pair.verb if is_verb else pair.other).split())


def _is_verb(before: str, after: str, *, default: bool) -> bool:
    if before in _BEFORE_VERB:
        return True
    if before in _BEFORE_NOUN:
        return False
    return after in _AFTER_VERB or default
