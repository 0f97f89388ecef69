"""Transcripts: what is fixed, what is refused, and that nothing else changes."""

import pytest

from voxgate.corpus.validation.transcripts import read_transcript

SYMBOLS = {"*": "star", "#": "pound"}


def read(text, language="en"):
    found = read_transcript(text, language, symbols=SYMBOLS)
    return found.text, [finding.code for finding in found.findings]


@pytest.mark.parametrize(
    ("text", "fixed", "codes"),
    [
        ("Press one now.", "Press one now.", []),
        ("...has joined the call.", "has joined the call.", ["ellipsis_removed"]),
        ("There are currently ...", "There are currently", ["ellipsis_removed"]),
        ("wait … for it", "wait, for it", ["ellipsis_removed"]),
        ("press # or just *", "press pound or just star", ["symbols_spoken"]),
        ("“It’s\u00a0here”  – now", '"It\'s here" - now', ["typography_normalised"]),
        ("It cost $3.50 (50% off) & tax", "It cost $3.50 (50% off) & tax", []),
    ],
)
def test_text_is_fixed_as_documented(text, fixed, codes):
    assert read(text) == (fixed, codes)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_text"),
        ("  ", "empty_text"),
        ("...", "empty_text"),
        ("?!", "empty_text"),
        ("[sound of monkeys]", "text_is_remark"),
        ("(1 second of silence)", "text_is_remark"),
        ("<beep ascending>", "text_is_remark"),
        ("dash [-]", "remark_in_text"),
        ("Press #5", "odd_characters"),
        ("smile \U0001f600", "odd_characters"),
        ("broken \ufffd text", "odd_characters"),
        ("zero\u200bwidth", "odd_characters"),
        ("приём", "odd_characters"),
    ],
)
def test_text_that_nobody_can_speak_is_refused(text, code):
    assert code in read(text)[1]


def test_letters_belong_to_the_language():
    assert read("приём", "ru")[1] == []
    assert read("¿Está aquí?", "es")[1] == ["odd_characters"]
    assert read("Está aquí, señor", "es")[1] == []


def test_odd_characters_are_named():
    found = read_transcript("smile \U0001f600", "en", symbols=SYMBOLS)
    assert "U+1F600 (GRINNING FACE)" in found.findings[0].message
    assert found.findings[0].message.endswith("spell out what is said")
