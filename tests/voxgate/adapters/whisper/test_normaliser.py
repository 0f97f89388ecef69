"""Whisper's normaliser, as error rates use it."""

from __future__ import annotations

from voxgate.adapters.whisper.normaliser import load_normaliser, load_spelling, rules_digest


def test_spelling_numbers_and_case_do_not_count_as_errors() -> None:
    normalise = load_normaliser()
    assert normalise("Mr. Grey's colour, twenty-one!") == normalise("mister gray is color 21")


def test_the_spelling_rules_leave_numbers_units_and_brackets_alone() -> None:
    assert load_spelling()("I'm one dollar, um, short of colour") == (
        "i am one dollar, , short of color"
    )
    assert load_spelling()("it (really) fell by one percent") == "it (really) fell by one percent"


def test_the_rules_are_named_by_the_installed_files() -> None:
    assert len(rules_digest()) == 64
    assert rules_digest() == rules_digest()
