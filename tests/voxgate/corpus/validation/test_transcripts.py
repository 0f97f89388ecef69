"""Transcripts: what is fixed, what is refused, and that nothing else changes."""

import pytest

from voxgate.corpus.validation.transcripts import read_transcript
from voxgate.errors import TextError
from voxgate.wiring.evaluators import text_normaliser

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
        ("It cost $3.50 (50% off) & tax", "It cost $3.50, 50% off, & tax", ["parentheses_spoken"]),
        ("He (as he said) came late.", "He, as he said, came late.", ["parentheses_spoken"]),
        ("He came (as he said).", "He came, as he said.", ["parentheses_spoken"]),
        ("(As he said) he came!", "As he said, he came!", ["parentheses_spoken"]),
        ("Call (555) 123-4567 now", "Call (555) 123-4567 now", []),
        ("a *very* good day", "a very good day", ["typography_normalised"]),
        ("fish &amp; chips", "fish & chips", ["typography_normalised"]),
        *(
            (written, plain, ["typography_normalised"])
            for written, plain in (
                ("co\u2011operate", "co-operate"),
                ("it\u00b4s here", "it's here"),
                ("\u00abhere\u00bb it is", '"here" it is'),
                ("\u00bd a mile", "1/2 a mile"),
                ("co\u00adoperate", "cooperate"),
                ("zero\u200bwidth", "zerowidth"),
                ("\ufeffhello", "hello"),
                ("thin\u202fspace", "thin space"),
                ("\ufb01ne", "fine"),
                ("well\uff01", "well!"),
                ("caf\u00e9", "cafe"),
                ("Brand\u2122 new", "Brand new"),
                ("one—two", "one - two"),
            )
        ),
        ("20 \u00b0C outside", "20 \u00b0C outside", []),
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
        ("well (laughs) yes", "remark_in_text"),
        ("well （laughing softly） yes", "remark_in_text"),
        ("well 【noise】 yes", "remark_in_text"),
        ("well *coughs* yes", "remark_in_text"),
        ("well {noise} yes", "remark_in_text"),
        ("well &lt;beep&gt; yes", "remark_in_text"),
        ("well (music playing", "remark_in_text"),
        ("*laughs*", "text_is_remark"),
        ("[music].", "text_is_remark"),
        ("(sound of a bell) yes", "remark_in_text"),
        ("escape \x1b[31m", "odd_characters"),
        ("Press #5", "odd_characters"),
        ("smile \U0001f600", "odd_characters"),
        ("broken \ufffd text", "odd_characters"),
        ("приём", "odd_characters"),
        ("the word αβγ", "odd_characters"),
    ],
)
def test_text_that_nobody_can_speak_is_refused(text, code):
    assert code in read(text)[1]


def test_a_language_without_a_front_end_is_no_transcript():
    with pytest.raises(TextError, match="'es' has no text front end; there are: en"):
        read("Está aquí, señor", "es")


def test_what_is_said_in_parentheses_is_compared_too():
    """Whisper's normaliser deletes parentheses with what is in them."""
    said = "he left (and nobody ever saw him again in the village by the sea) at noon"
    normalise = text_normaliser()
    assert "nobody ever saw him" in normalise(read(said)[0])


def test_odd_characters_are_named():
    found = read_transcript("smile \U0001f600", "en", symbols=SYMBOLS)
    assert "U+1F600 (GRINNING FACE)" in found.findings[0].message
    assert found.findings[0].message.endswith("spell out what is said")
