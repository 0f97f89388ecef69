"""Whisper's normaliser, as error rates use it."""

from __future__ import annotations

from voxgate.adapters.whisper.normaliser import load_normaliser


def test_spelling_numbers_and_case_do_not_count_as_errors() -> None:
    normalise = load_normaliser()
    assert normalise("Mr. Grey's colour, twenty-one!") == normalise("mister gray is color 21")
