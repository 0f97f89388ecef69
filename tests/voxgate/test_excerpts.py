"""Values of others in messages: short, and nothing invisible."""

import pytest

from voxgate.excerpts import excerpt


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a1.wav", "'a1.wav'"),
        ("\ufeffa1.wav", "'\\ufeffa1.wav'"),
        ("a\u200bb\x1b[31m", "'a\\u200bb\\x1b[31m'"),
        (None, "None"),
    ],
)
def test_a_value_is_shown_on_one_line_with_escapes(value, shown):
    assert excerpt(value) == shown


def test_a_number_that_python_does_not_print_is_named_by_its_kind():
    assert excerpt(1 << 20000) == "a int too large to show"


def test_a_long_value_is_cut():
    assert len(excerpt("x" * 10**6)) == 60
    assert excerpt(["x" * 100]).endswith("…")
