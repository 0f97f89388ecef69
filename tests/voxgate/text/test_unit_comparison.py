"""Texts are compared by what is heard, and what cannot be read counts as it would be heard."""

from __future__ import annotations

import random

import pytest

from tests.fakes.units import SYLLABLES, fake_comparison

COMPARED = fake_comparison()


def test_homophones_are_one_unit_and_their_characters_two() -> None:
    his, hers = COMPARED("他去银行。"), COMPARED("她去银行")
    assert his.sounds == hers.sounds == "ta1 qu4 yin2 hang2"
    assert (his.written, hers.written) == ("他去银行", "她去银行")


def test_a_wrong_tone_is_an_error_that_disappears_without_tones() -> None:
    buys, sells = COMPARED("他买"), COMPARED("他卖")
    assert (buys.sounds, sells.sounds) == ("ta1 mai3", "ta1 mai4")
    assert buys.toneless == sells.toneless == "ta mai"


def test_english_words_are_words_and_keep_their_digits_without_tones() -> None:
    mixed = COMPARED("他去 coffee shop")
    assert mixed.sounds == "ta1 qu4 coffee shop"
    assert mixed.toneless == "ta qu coffee shop"
    assert mixed.written == "他去coffeeshop"
    assert mixed.languages == {"zh", "en"}


def test_unreadable_writing_counts_as_it_would_be_heard() -> None:
    heard = COMPARED("他去 안녕 привет")
    assert heard.sounds == "ta1 qu4 안 녕 привет"
    assert heard.languages == {"zh"}
    # Kana and rare characters inside a word: one unit each, the rest is still read.
    assert COMPARED("他龘去です").sounds == "ta1 龘 qu4 で す"


def test_what_cannot_be_read_is_never_nothing() -> None:
    assert COMPARED("他 ♪♪").sounds == "ta1 ?"
    assert COMPARED("他去，。!").sounds == "ta1 qu4"
    assert COMPARED("").sounds == COMPARED(" \n").sounds == ""


def test_an_inline_reading_is_compared_by_what_is_written() -> None:
    assert COMPARED("他去{银行|yin2 xing2}").sounds == COMPARED("他去银行").sounds


@pytest.mark.parametrize("seed", range(60))
def test_nothing_that_a_recogniser_writes_ends_a_sitting(seed: int) -> None:
    rng = random.Random(seed)
    scraps = [
        *SYLLABLES,
        "안",
        "で",
        "hello",
        " ",
        "\u200b",
        "\ue000",
        "�",
        "{",
        "|",
        "♪",
        "3",
        "❓",
    ]
    text = "".join(rng.choices(scraps, k=rng.randint(1, 15)))
    compared = COMPARED(text)
    assert len(compared.sounds.split()) == len(compared.toneless.split())
    assert compared.sounds == " ".join(compared.sounds.split())
