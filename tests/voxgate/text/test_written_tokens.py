from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from voxgate.text.tokens import CURRENCY_CODES, CURRENCY_SIGNS, UNITS
from voxgate.text.written_tokens import tokenise


def _kinds(text: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokenise(text)]


def test_a_number_keeps_its_unit_and_its_currency() -> None:
    for unit in UNITS:
        assert _kinds(f"约3.5{unit}。")[1] == ("number", f"3.5{unit}"), unit
    for sign in CURRENCY_SIGNS:
        assert _kinds(f"约{sign}20。")[1] == ("number", f"{sign}20"), sign
    for code in CURRENCY_CODES:
        assert _kinds(f"约{code} 20。")[1] == ("number", f"{code} 20"), code
        assert _kinds(f"约20{code}。")[1] == ("number", f"20{code}"), code


def test_codes_names_and_addresses() -> None:
    assert _kinds("T3和5G") == [
        ("latin", "T"),
        ("number", "3"),
        ("han", "和"),
        ("number", "5"),
        ("latin", "G"),
    ]
    assert [(t.glued_left, t.glued_right) for t in tokenise("T3 5G 7") if t.kind == "number"] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert _kinds("A6L") == [("latin", "A"), ("number", "6"), ("latin", "L")]
    for whole in ("GPT-4o", "Wi-Fi", "test@example.com", "www.example.com/a", "don't", "C++"):
        assert _kinds(f"用{whole}的") == [("han", "用"), ("latin", whole), ("han", "的")]


def test_numbers_with_marks_inside_are_one() -> None:
    for whole in ("1,024", "3:2", "2024-05-01", "9:30", "-5℃", "3~5", "010-1234-5678", "12.5%"):
        assert ("number", whole) in _kinds(f"中 {whole} 文"), whole
    assert _kinds("100万USD") == [("number", "100"), ("han", "万"), ("sign", "USD")]


def test_marks_end_clauses_and_sentences() -> None:
    comma, stop = tokenise("中，文。")[1::2]
    assert (comma.ends_clause, comma.ends_sentence) == (True, False)
    assert (stop.ends_clause, stop.ends_sentence) == (True, True)


@given(st.text(max_size=60))
def test_nothing_is_lost(text: str) -> None:
    assert "".join(token.text for token in tokenise(text)) == text
