from __future__ import annotations

import json
from collections import Counter

from voxgate.errors import TextError
from voxgate.evaluation.data_shape.texts import TextFigures, Texts, count_texts, recount

TEXTS: Texts = Counter({("go", "en"): 2, ("a + go", "en"): 1, ("Is it 7?", "en"): 1})


def _letters(text: str, _language: str) -> list[str]:
    if "+" in text:
        raise TextError("not read")
    return [letter for letter in text if letter.isalpha()]


def _count(texts: Texts) -> TextFigures:
    return count_texts(texts, phones_of=_letters, language="en")


def test_a_text_counts_as_often_as_it_is_there_and_without_phones_where_it_cannot_be_read() -> None:
    found = _count(TEXTS)
    assert (found.texts, found.unread) == (4, 1)
    assert dict(found.words) == {"go": 3, "a": 1, "is": 1, "it": 1, "7": 1}
    assert dict(found.phones) == {"g": 2, "o": 2, "I": 1, "s": 1, "i": 1, "t": 1}
    assert found.forms.total() == 4


def test_each_different_text_is_read_once() -> None:
    read: list[str] = []

    def reading(text: str, _language: str) -> list[str]:
        read.append(text)
        return []

    count_texts(TEXTS, phones_of=reading, language="en")
    assert sorted(read) == sorted(text for text, _ in TEXTS)


def test_counts_of_other_texts_are_those_that_differ_away() -> None:
    others: Texts = Counter({("go", "en"): 1, ("a + go", "en"): 2, ("New.", "en"): 1})
    found = recount(_count(TEXTS), more=_count(others - TEXTS), fewer=_count(TEXTS - others))
    assert found == _count(others)


def test_figures_come_back_from_json_as_they_went_and_without_a_text() -> None:
    found = _count(TEXTS)
    text = json.dumps(found.as_json())
    assert TextFigures.of_json(json.loads(text)) == found
    assert "Is it 7?" not in text
