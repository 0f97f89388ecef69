"""Part a text into what belongs together when its languages are told apart.

A number with its unit is one token however many letters the unit has; so is a name such as
"GPT-4o", an address and a word. Han characters, kana and hangul are taken in runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from voxgate.text.inline_readings import FIRST_PLACE, LAST_PLACE
from voxgate.text.scripts import script_of
from voxgate.text.tokens import CURRENCY_CODES, CURRENCY_SIGNS, UNITS

__all__ = ["Kind", "Token", "tokenise"]

Kind = Literal["han", "kana", "hangul", "latin", "number", "sign", "inline", "mark"]

SENTENCE_ENDS = frozenset("。！？!?；;\n")
CLAUSE_ENDS = frozenset("，,、：:") | SENTENCE_ENDS


def _one_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_LETTER = "A-Za-zÀ-ÖØ-öø-ɏＡ-Ｚａ-ｚ"
_DIGIT = "0-9０-９"
_SIGN = "%％‰+＋−±×÷=＝≠≈<>＜＞≤≥~～²³°℃℉№#＃&＆@＠^√π*＊/／$€£¥￥₩￦₽₹฿"
_NUMBER = (
    rf"(?:(?:{_one_of(CURRENCY_SIGNS)}|(?:{_one_of(CURRENCY_CODES)})(?![{_LETTER}]))\s?)?"
    rf"(?:(?<![{_LETTER}{_DIGIT}])[-−+±＋－])?"
    rf"[{_DIGIT}]+(?:[.,:：/\-–−~～+×÷=*^．，／]?[{_DIGIT}]+|['’][{_DIGIT}]{{3}})*"
    rf"[²³%％‰]?"
    rf"(?:\s?(?:{_one_of((*UNITS, *CURRENCY_CODES))})(?![{_LETTER}{_DIGIT}])"
    rf"|\s?(?:{_one_of(CURRENCY_SIGNS)})(?![{_DIGIT}]))?"
)
_ADDRESS = (
    r"(?<![A-Za-z0-9])(?:"
    r"(?:https?://|www\.)[A-Za-z0-9._~%#?&=+:@/-]{0,500}[A-Za-z0-9/]"
    r"|[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
    r"|[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}"
    r"\.(?:com|cn|org|net|io|jp|kr|hk|tw|edu|gov|co|dev|ai|app)"
    r"(?![A-Za-z0-9])(?:/[A-Za-z0-9._~%#?&=+:@/-]{0,500}[A-Za-z0-9/])?)"
)
"""Bounded as the standards bound them, so that a long text without a mark stays linear."""
_AMOUNT = _one_of((*UNITS, *CURRENCY_CODES))
_NAME = (
    rf"(?:No|Vol)\.\s?[{_DIGIT}]+"
    rf"|[{_LETTER}]+(?:-[{_LETTER}]+)*-[{_DIGIT}]+(?:\.[{_DIGIT}]+)*"
    rf"[{_LETTER}]?(?![{_LETTER}{_DIGIT}])"
)
_WORD = (
    rf"(?:[CF](?:\+\+|\#)(?![{_LETTER}])"
    rf"|[{_LETTER}]+(?:['’&.-][{_LETTER}]+)*(?:\.(?<=[A-Z]\.[A-Z]\.))?)"
)
_TOKEN = re.compile(
    rf"(?P<address>{_ADDRESS})|(?P<name>{_NAME})"
    rf"|(?P<money>(?:{_one_of(CURRENCY_CODES)})\s?[{_DIGIT}][{_DIGIT}.,]*(?<=[{_DIGIT}]))"
    rf"|(?P<digits>(?<=[{_LETTER}])[{_DIGIT}]+(?:\.[{_DIGIT}]+)*)"  # of a code: "A6L"
    rf"|(?P<number>{_NUMBER})"
    # a unit behind a number whose last part is a word: "100万USD"
    rf"|(?P<unit>(?<=[万亿億萬千百])(?:{_AMOUNT})(?![{_LETTER}{_DIGIT}]))"
    rf"|(?P<word>{_WORD})|(?P<sign>[{re.escape(_SIGN)}])|(?P<other>.)",
    re.DOTALL,
)
_KINDS: Mapping[str, Kind] = {
    "address": "latin",
    "name": "latin",
    "word": "latin",
    "money": "number",
    "digits": "number",
    "number": "number",
    "unit": "sign",
    "sign": "sign",
}


@dataclass(frozen=True)
class Token:
    """Characters that stay together; `start` is their place.

    `glued_left` and `glued_right`: a Latin letter stands beside a number, as in "T3" and "5G".
    """

    kind: Kind
    text: str
    start: int
    glued_left: bool = False
    glued_right: bool = False

    @property
    def ends_sentence(self) -> bool:
        """A mark that ends a sentence is among its characters."""
        return self.kind == "mark" and not SENTENCE_ENDS.isdisjoint(self.text)

    @property
    def ends_clause(self) -> bool:
        """A mark that ends a clause or a sentence is among its characters."""
        return self.kind == "mark" and not CLAUSE_ENDS.isdisjoint(self.text)


def tokenise(text: str) -> list[Token]:
    """Return the tokens of `text`; together they are all of it."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = _kind(match)
        token = Token(kind, match.group(), match.start())
        last = tokens[-1] if tokens else None
        if last is not None and kind == last.kind and kind in ("han", "kana", "hangul", "mark"):
            tokens[-1] = replace(last, text=last.text + token.text)
        else:
            tokens.append(token)
    return [_with_neighbours(tokens, index) for index in range(len(tokens))]


def _kind(match: re.Match[str]) -> Kind:
    kind = _KINDS.get(str(match.lastgroup))
    if kind is not None:
        return kind
    script = script_of(match.group())
    if script != "other":
        return script
    is_private = FIRST_PLACE <= ord(match.group()) <= LAST_PLACE
    return "inline" if is_private else "mark"


def _with_neighbours(tokens: list[Token], index: int) -> Token:
    token = tokens[index]
    if token.kind != "number":
        return token
    return replace(
        token,
        glued_left=index > 0 and tokens[index - 1].kind == "latin",
        glued_right=index + 1 < len(tokens) and tokens[index + 1].kind == "latin",
    )
