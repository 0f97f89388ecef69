"""Tell the language of Han characters by what stands in their clause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from voxgate.text.scripts import han_language, has_japanese_word, is_function_word
from voxgate.text.written_tokens import Token

__all__ = ["language_of_han"]

_HAN_LANGUAGES = ("zh", "yue", "ja")
_CHARACTER, _FUNCTION_WORD, _KANA = 10, 6, 5
"""What a character of one language, a shared word of grammar and a kana count for."""
_ELSEWHERE = 2
"""What the rest of a text tells counts a half."""
_MUCH_JAPANESE, _LITTLE_CHINESE = 20, 10


def language_of_han(
    tokens: Sequence[Token],
    languages: Sequence[str | None],
    *,
    primary: str,
    allowed: Collection[str],
) -> dict[int, str]:
    """Return the language of each Han token by its index; `languages` are those of scripts."""
    candidates = [language for language in _HAN_LANGUAGES if language in allowed]
    places = [i for i, token in enumerate(tokens) if _is_han(token, languages[i])]
    if not candidates:
        return dict.fromkeys(places, "ko" if primary == "ko" else "zh")
    if len(candidates) == 1:
        return dict.fromkeys(places, candidates[0])
    clauses = _clauses(tokens)
    evidence = [_evidence(tokens, clause, candidates) for clause in clauses]
    found: dict[int, str] = {}
    weighed = _weights(clauses, evidence, kana=_kana_sentences(tokens, clauses))
    is_cantonese = any(weights["yue"] for weights in evidence)
    for clause, weights in zip(clauses, weighed, strict=True):
        usual = _usual(weights, primary, candidates, is_cantonese=is_cantonese)
        for index in clause.tokens:
            if _is_han(tokens[index], languages[index]):
                found[index] = _of_run(index, tokens, languages, weights, usual, candidates)
    return found


@dataclass(frozen=True)
class _Clause:
    tokens: range
    sentence: int


def _is_han(token: Token, language: str | None) -> bool:
    return token.kind == "han" or (token.kind == "inline" and language is None)


def _clauses(tokens: Sequence[Token]) -> list[_Clause]:
    clauses: list[_Clause] = []
    start = sentence = 0
    for index, token in enumerate(tokens):
        if token.ends_clause or index == len(tokens) - 1:
            clauses.append(_Clause(range(start, index + 1), sentence))
            start = index + 1
            sentence += token.ends_sentence
    return clauses


def _evidence(
    tokens: Sequence[Token],
    clause: _Clause,
    candidates: Sequence[str],
) -> Counter[str]:
    weights: Counter[str] = Counter()
    for index in clause.tokens:
        token = tokens[index]
        if token.kind == "kana":
            weights["ja"] += _KANA * len(token.text)
        if token.kind != "han":
            continue
        if has_japanese_word(token.text):
            weights["ja"] += _CHARACTER
        for character in token.text:
            language = han_language(character)
            if language is not None:
                weights[language] += _CHARACTER
            elif is_function_word(character):
                weights["zh"] += _FUNCTION_WORD
    return Counter({name: weight for name, weight in weights.items() if name in candidates})


def _kana_sentences(tokens: Sequence[Token], clauses: Sequence[_Clause]) -> frozenset[int]:
    return frozenset(
        clause.sentence
        for clause in clauses
        if any(tokens[index].kind == "kana" for index in clause.tokens)
    )


def _weights(
    clauses: Sequence[_Clause], evidence: Sequence[Counter[str]], *, kana: Collection[int]
) -> list[Counter[str]]:
    """What each clause tells, else its sentence, else half of what the whole text tells.

    A Japanese word without kana, as in a list of names of languages, tells of its own clause only.
    """
    sentences: dict[int, Counter[str]] = {}
    everything: Counter[str] = Counter()
    for clause, weights in zip(clauses, evidence, strict=True):
        told = Counter(weights)
        if clause.sentence not in kana:
            del told["ja"]
        sentences.setdefault(clause.sentence, Counter()).update(told)
        everything.update(told)
    elsewhere = Counter({name: weight // _ELSEWHERE for name, weight in everything.items()})
    return [
        weights or sentences[clause.sentence] or elsewhere
        for clause, weights in zip(clauses, evidence, strict=True)
    ]


def _usual(
    weights: Counter[str],
    primary: str,
    candidates: Sequence[str],
    *,
    is_cantonese: bool,
) -> str:
    own = primary if primary in candidates else candidates[0]
    best = max(candidates, key=lambda name: (weights[name], name == own))
    usual = best if weights[best] > 0 else own
    if usual == "zh" and own == "yue":
        return own  # Cantonese writes the words of Chinese too
    if usual == "yue" and own == "zh" and not is_cantonese:
        return own
    return usual


def _of_run(
    index: int,
    tokens: Sequence[Token],
    languages: Sequence[str | None],
    weights: Counter[str],
    usual: str,
    candidates: Sequence[str],
) -> str:
    """Kana beside Han characters bind them to Japanese, unless they are plainly Chinese."""
    if "ja" not in candidates:
        return usual
    characters = tokens[index].text
    named = {han_language(character) for character in characters}
    is_chinese = bool({"zh", "yue"} & named)
    beside_kana = any(
        0 <= at < len(tokens) and languages[at] == "ja" for at in (index - 1, index + 1)
    )
    if "ja" in named and not is_chinese:
        return "ja"
    if beside_kana and not is_chinese:
        much = weights["ja"] >= _MUCH_JAPANESE and weights["zh"] < _LITTLE_CHINESE
        if usual == "ja" or much:
            return "ja"
    if is_chinese and usual == "ja":
        return next((name for name in ("yue", "zh") if name in named and name in candidates), "zh")
    return usual
