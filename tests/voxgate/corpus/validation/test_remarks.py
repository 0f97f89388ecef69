"""What a transcript says about a recording is not what is said in it."""

import pytest

from voxgate.corpus.validation.remarks import (
    find_remark,
    is_remark,
    without_emphasis,
    without_parentheses,
)


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("well (laughs) yes", "(laughs)"),
        ("well (laughing softly) yes", "(laughing softly)"),
        ("(clears throat) yes", "(clears throat)"),
        ("yes (inaudible", "(inaudible"),
        ("yes **sighs** no", "**sighs**"),
        ("yes [sic] no", "[sic]"),
        ("yes {x} no", "{x}"),
        ("yes （笑） (music) no", "(music)"),
    ],
)
def test_a_remark_is_found_where_it_stands(text, remark):
    assert find_remark(text) == remark


@pytest.mark.parametrize(
    "text",
    [
        "He (as he said) came",
        "the concert (music by Bach) began",
        "file(s)",
        "(555) 123-4567",
        "a *very* good day",
        "they laugh and sing",
        "press * and then *",
        "a) first, b) second",
    ],
)
def test_what_may_be_said_is_no_remark(text):
    assert find_remark(text) is None


@pytest.mark.parametrize("text", ["[x]", " (anything at all) ", "<beep>.", "{noise}", "*laughs*"])
def test_one_bracket_alone_is_a_remark(text):
    assert is_remark(text)
    assert not is_remark(f"yes {text} no")


def test_emphasis_is_how_not_what():
    assert without_emphasis("a *very* _good_ day, 2 * 3") == "a very good day, 2 * 3"


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("a (b) c", "a, b, c"),
        ("a (b).", "a, b."),
        ("(a) b", "a, b"),
        ("a, (b), c", "a, b, c"),
        ("a! (b) c", "a! b, c"),
        ("a (b (c)) d", "a, b, c, d"),
        ("plain", "plain"),
        ("call (555) 123", "call (555) 123"),
        ("call (555) 123 (or do not)", "call (555) 123, or do not"),
    ],
)
def test_parentheses_become_commas(text, spoken):
    assert without_parentheses(text) == spoken
