from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxgate.evaluation.prompt_texts import (
    SAME_WORDS,
    find_repeats,
    missing_words,
    sentence_length,
    words_of,
)

KETTLE = "The kettle clicked off just as the rain began."


@pytest.mark.parametrize(
    "copy",
    [
        "The kettle clicked off, just as the rain began",
        "  the KETTLE clicked off just as the rain began!!",
        "The k\u200bettle clicked off just as the rain be\u00adgan.",
        "Ｔhe kettle clicked off just as the rain began.",
        "The-kettle-clicked-off-just-as-the-rain-began",
        "The kettleclicked off just as the rain began.",
        "Just as the rain began, the kettle clicked off.",
        "The kettle clicked off just as the storm began.",
        "The kettle clicked off just as the rain began 7.",
    ],
)
def test_a_copy_that_is_written_otherwise_is_a_repeat(copy: str) -> None:
    ((line, before, _),) = find_repeats([(3, KETTLE), (9, copy)])
    assert (line, before) == (9, 3)


def test_different_sentences_are_no_repeats() -> None:
    other = "Nobody noticed the small crack in the kitchen window."
    assert list(find_repeats([(1, KETTLE), (2, other)])) == []


TEXTS = st.lists(st.sampled_from(["a", "b", "ab", "c", "d'", "我"]), max_size=7).map(" ".join)


@given(texts=st.lists(TEXTS, max_size=9))
def test_a_repeat_stands_beside_the_first_of_all_that_it_repeats(texts: list[str]) -> None:
    expected = [found for n in range(len(texts)) for found in _first_repeated(texts, n)]
    assert list(find_repeats(list(enumerate(texts)))) == expected


def _first_repeated(texts: Sequence[str], place: int) -> list[tuple[int, int, float]]:
    own = words_of(texts[place])
    for before, text in enumerate(texts[:place]):
        others = words_of(text)
        longer = max(len(own), len(others))
        share = (Counter(own) & Counter(others)).total() / longer if longer else 1.0
        if share > SAME_WORDS or "".join(own) == "".join(others):
            return [(place, before, share)]
    return []


def test_words_are_letters_and_digits_of_one_form() -> None:
    assert words_of("Don’t – STOP, at ½!") == ("dont", "stop", "at", "1", "2")


def test_a_spoken_form_of_another_sentence_is_noticed() -> None:
    assert missing_words("It costs 5 euros today.", "It costs five euros today.") == ()
    assert missing_words("Dr. Smith lives at 12 Oak St.", "Doctor Smith lives at twelve Oak") == ()
    assert missing_words("It costs 5 euros today.", "Nobody noticed.") == ("costs", "euros")


def test_where_no_spaces_are_written_characters_are_compared() -> None:
    assert words_of("我用iPhone拍照。") == ("我", "用", "iphone", "拍", "照")
    assert words_of("ガｶﾞ、ー") == ("ガ", "ガ", "ー")
    assert words_of("오늘은 날씨가") == ("오늘은", "날씨가")
    copies = [(1, "今天天气很好我们去公园"), (2, "今天天气很好，我们去公园吧！")]
    assert [line for line, _, _ in find_repeats(copies)] == [2]
    others = [(1, "今天天气很好我们去公园"), (2, "明年他想在学校学习英文")]
    assert not list(find_repeats(others))


def test_a_sentence_is_as_long_as_its_words_or_its_characters() -> None:
    assert sentence_length("Don't wait twenty-one days.") == 4
    assert sentence_length("我用 iPhone 拍照。") == 5
    assert sentence_length("3月14日の夜") == 7
    assert sentence_length("오늘은 날씨가 좋아요.") == 3
