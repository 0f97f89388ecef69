"""Names and texts cannot end a sentence, whatever they hold."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voxgate.campaigns.templates.cutting import read_sentence
from voxgate.campaigns.templates.parsing import parse_template
from voxgate.campaigns.templates.slots import Slot, SlotKind, SlotValue, ValueFault
from voxgate.campaigns.templates.template import Template
from voxgate.campaigns.templates.values import read_value
from voxgate.campaigns.templates.words import write_name, write_text
from voxgate.errors import TextError
from voxgate.printable import find_unprintable
from voxgate.text.front_end import FrontEnd

NAME = Slot(kind=SlotKind.NAME)
TEXT = Slot(kind=SlotKind.TEXT)

SENTENCES = (
    "Hello {a}, this is Green Street Dental.",
    "Your order for {a} costs {b}; call us.",
    "We told {a} (and {b}) about it!",
    "Is {a} - or {b} - right?",
    '{a}, it is {b}\'s turn at "{a}".',
)
NASTY = (
    "Dr. Dr St. St J. R. No. No № e.g p.m pm a.m. Jr. Inc. Co etc vs min ext Sun Jan Ave "
    "NW Will An A May I the & &#46; &excl &period; R&D ... … ‼ ⒈ ㏂ 。 ¡ ' \" ( ) - -- – / : "
    "; % # $ € = + @ | \\ ~ http:// x.com 10:30 10-12 1,000 3.5 1.2.3 5km XIV é ß ½ ² ™ ♥ "
    "? ! {a} <b> </b> *x* `c` 's TX "
).split()


@pytest.fixture(scope="module")
def templates(english: FrontEnd) -> Mapping[SlotKind, tuple[Template, ...]]:
    return {
        kind: tuple(
            parse_template("t", text, {s: kind for s in "ab" if f"{{{s}}}" in text}, english)
            for text in SENTENCES
        )
        for kind in (SlotKind.NAME, SlotKind.TEXT)
    }


@pytest.mark.parametrize(
    ("raw", "written"),
    [
        ("Anna", "Anna"),
        ("  Anna  Maria ", "Anna Maria"),
        ("J. R. Smith, Jr.", "J R Smith, Jr"),
        ("J.R. Smith", "J R Smith"),
        ("Dr. Jose\u0301", "Dr José"),
        ("ANNA", "Anna"),
        ("MARY-JANE O'NEIL III", "Mary-Jane O'Neil III"),
        ("TJ", "TJ"),
        ("Anna Smith -, ", "Anna Smith"),
        ("O`Brien", "O'Brien"),
        ("Zo\u200dë", "Zoë"),
        ("Müller & Söhne", "Müller & Söhne"),
    ],
)
def test_a_name_is_written_as_it_is_to_be_said(raw: str, written: str) -> None:
    assert read_value(NAME, raw) == SlotValue(kind=SlotKind.NAME, spoken=written)


@pytest.mark.parametrize(
    ("slot", "raw", "code", "shown"),
    [
        (NAME, "Bob. Call me", "sentence_end", "FULL STOP"),
        (NAME, "Anna!", "sentence_end", "EXCLAMATION MARK"),
        (NAME, "Anna‼", "sentence_end", "EXCLAMATION MARK"),
        (NAME, "Анна", "unreadable", "CYRILLIC CAPITAL LETTER A"),
        (NAME, "李雷", "unreadable", "U+674E"),
        (NAME, "Anna 2", "unreadable", "DIGIT TWO"),
        (NAME, "{first_name}", "brace", "LEFT CURLY BRACKET"),
        (NAME, "{0.__class__}", "brace", "LEFT CURLY BRACKET"),
        (NAME, "An\u202ena", "control_character", "RIGHT-TO-LEFT OVERRIDE"),
        (NAME, "An\x00na", "control_character", "U+0000"),
        (NAME, "An\nna", "control_character", "U+000A"),
        (NAME, "An\ud800na", "control_character", "U+D800"),
        (NAME, "Anna ♥", "unreadable", "U+2665"),
        (NAME, "🎉", "nothing_to_say", "no letter"),
        (NAME, "-", "nothing_to_say", "no letter"),
        (NAME, "   ", "missing", "expected a name"),
        (NAME, "a" * 61, "too_long", "at most 60"),
        (TEXT, "it is 5. Then go", "sentence_end", "FULL STOP"),
        (TEXT, "see example.com", "sentence_end", "FULL STOP"),
        (TEXT, "well…", "sentence_end", "HORIZONTAL ELLIPSIS"),
        (TEXT, "<b>now</b>", "unreadable", "LESS-THAN SIGN"),
        (TEXT, "*now*", "unreadable", "ASTERISK"),
        (TEXT, "0\U0001005e", "unreadable", "U+1005E"),
        (TEXT, "=cmd|' /C calc'", "unreadable", "VERTICAL LINE"),
        (TEXT, "1" * 25, "too_long", "25 digits"),
        (TEXT, "a" * 121, "too_long", "at most 120"),
    ],
)
def test_a_value_that_cannot_be_said_is_a_fault_that_shows_why(
    slot: Slot, raw: str, code: str, shown: str
) -> None:
    fault = read_value(slot, raw)
    assert isinstance(fault, ValueFault)
    assert (fault.code, shown in fault.detail) == (code, True), fault


def test_a_value_leaves_an_abbreviation_behind_it_as_it_is(english: FrontEnd) -> None:
    value = read_value(TEXT, "Main —")
    assert value == SlotValue(kind=SlotKind.TEXT, spoken="Main")
    assert english.normalise("At Main St. on Monday.") == "At Main Street on Monday."
    assert english.normalise("At Main — St. on Monday.") == "At Main - St. on Monday."


def test_points_between_digits_stay_in_a_text() -> None:
    assert read_value(TEXT, "2.5 km") == SlotValue(kind=SlotKind.TEXT, spoken="2.5 km")


@pytest.mark.parametrize("slot", [NAME, TEXT])
def test_a_value_and_the_mark_behind_it_make_no_entity(slot: Slot, english: FrontEnd) -> None:
    value = read_value(slot, "Anna &excl")
    assert isinstance(value, SlotValue)
    assert english.normalise("so &excl; then") == "so! then"
    assert "!" not in english.normalise(f"so {value.spoken}; then")


# Most values are refused, as they must be: what is left is what this test is about.
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(data=st.data())
def test_a_filled_sentence_is_one_sentence_whatever_the_values_hold(
    data: st.DataObject, templates: Mapping[SlotKind, tuple[Template, ...]], english: FrontEnd
) -> None:
    kind = data.draw(st.sampled_from(sorted(templates)))
    raws = st.lists(st.sampled_from(NASTY) | st.text(max_size=5), min_size=1, max_size=5)
    values = raws.map(" ".join).map(lambda raw: read_value(Slot(kind=kind), raw))
    drawn = {slot: data.draw(values.filter(lambda v: isinstance(v, SlotValue))) for slot in "ab"}
    for template in templates[kind]:
        for sentence in template.fill(drawn):
            assert read_sentence(sentence, english)


@given(raw=st.text(max_size=30))
def test_what_is_accepted_is_one_printable_line_without_braces(raw: str) -> None:
    for slot in (NAME, TEXT):
        value = read_value(slot, raw)
        if isinstance(value, SlotValue):
            assert find_unprintable(value.spoken) is None
            assert not set("{}!?…") & set(value.spoken)
            assert read_value(slot, value.spoken) == value


@pytest.fixture
def unfolded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Languages that take characters as they are, and no hangul but in Korean."""

    def fold(language: str, text: str) -> str:
        if language != "ko" and re.search("[가-힣]", text):
            raise TextError("a Korean letter at character 1")
        return re.sub("[😀]", "", text)

    monkeypatch.setattr("voxgate.campaigns.templates.words.fold_characters", fold)


@pytest.mark.usefixtures("unfolded")
@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("王小明", "zh"),
        ("约翰·史密斯", "zh"),
        ("陳大文", "yue"),
        ("山田たろう", "ja"),
        ("김철수", "ko"),
        ("王Anna", "zh"),
    ],
)
def test_names_have_the_letters_of_their_language(name: str, language: str) -> None:
    assert write_name(name, language) == name
    assert write_text(f"{name}, 3", language) == f"{name}, 3"


@pytest.mark.usefixtures("unfolded")
@pytest.mark.parametrize(
    ("text", "language", "code"),
    [
        ("你好。再见", "zh", "sentence_end"),
        ("真的？", "zh", "sentence_end"),
        ("김철수", "zh", "unreadable"),
        ("王小明", "en", "unreadable"),
        ("たろう", "zh", "unreadable"),
        ("王😀", "zh", "unreadable"),
        ("（）", "zh", "nothing_to_say"),
    ],
)
def test_what_its_language_does_not_write_is_refused(text: str, language: str, code: str) -> None:
    fault = write_text(text, language)
    assert isinstance(fault, ValueFault)
    assert fault.code == code
