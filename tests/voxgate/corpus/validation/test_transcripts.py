"""Transcripts: what is fixed, what is refused, and that nothing else changes."""

import re

import pytest

from tests.fakes.language_front_end import mixed_front_end
from voxgate.corpus.validation.remarks import find_remark
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


@pytest.fixture
def letters(monkeypatch):
    """Languages whose front ends read every letter of their script."""
    monkeypatch.setattr(
        "voxgate.corpus.validation.transcripts._front_end",
        lambda language, languages: mixed_front_end(language, *languages),
    )


@pytest.mark.usefixtures("letters")
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("今天天气很好。", "zh"),
        ("我用iPhone，你呢？", "zh"),
        ("二〇二四年！", "zh"),
        ("呢件事好難搞。", "yue"),
        ("がんばって、いこう。", "ja"),
        ("오늘은 TV를 봐요.", "ko"),
        ("他去{银行|yin2 hang2}。", "zh"),
        ("他说<en>hello</en>。", "zh"),
        ("（如他所说）他来了。", "zh"),
    ],
)
def test_what_the_front_end_of_a_language_reads_is_kept_as_it_is_written(text, language):
    assert read(text, language) == (text, [])


@pytest.mark.usefixtures("letters")
@pytest.mark.parametrize(
    ("text", "language", "code"),
    [
        ("（笑）", "zh", "text_is_remark"),
        ("好的（笑声）。", "zh", "remark_in_text"),
        ("はい（笑い）", "ja", "remark_in_text"),
        ("[音乐]好的", "zh", "remark_in_text"),
        ("今天 한국", "zh", "odd_characters"),
        ("。。。", "zh", "empty_text"),
    ],
)
def test_what_it_cannot_read_is_refused_and_named(text, language, code):
    assert read(text, language) == (text, [code])


@pytest.mark.usefixtures("letters")
def test_words_of_the_corpus_other_languages_may_stand_inside():
    found = read_transcript("他说안녕。", "zh", symbols={}, languages=["zh", "ko"])
    assert found.findings == ()
    (finding,) = read_transcript("他说안녕。", "zh", symbols={}).findings
    assert finding.expected == "what 'zh' reads"


def test_chinese_words_for_sounds_change_nothing_in_english():
    assert find_remark("yes （笑） (music)") == "(music)"
    assert find_remark("yes （笑） (music)", language="zh") == "（笑）"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("今天天气很好。", "zh"),
        ("我用iPhone，花了3.5元！", "zh"),
        ("二〇二四年", "zh"),
        ("呢件事好難搞㗎。", "yue"),
        ("がんばって、iPhoneを買う。", "ja"),
        ("오늘은 TV를 3시에 봐요.", "ko"),
    ],
)
def test_every_language_passes_with_its_own_front_end(text, language):
    assert read(text, language) == (text, [])


@pytest.mark.parametrize(("text", "language"), [("今天 한국", "zh"), ("今天\ue123", "yue")])
def test_a_character_without_a_reading_is_named(text, language):
    (finding,) = read_transcript(text, language, symbols={}).findings
    assert finding.code == "odd_characters"
    assert re.search("character [34]", finding.arrived)
