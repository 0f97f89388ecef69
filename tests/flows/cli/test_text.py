"""How a text is read, as whoever owns the terms meets it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from flows.cli.app import app
from tests.fakes.term_checkout import make_term_checkout

Call = Callable[..., Result]


@pytest.fixture
def call(tmp_path: Path) -> Call:
    root = make_term_checkout(tmp_path / "checkout", lexicon="lexicons")

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, [*words, "--root", str(root)])

    return run


def test_a_text_is_shown_as_it_is_read(call: Call) -> None:
    said = call("text", "say", "Zyrtec costs $5.").output
    assert said.startswith("en: Zyrtec costs five dollars.\n")
    assert "  five: F AY1 V (" in said
    assert "guessed: Zyrtec (character 1)" in said
    assert json.loads(call("text", "say", "Zyrtec.", "--json").output)["normalised"] == "Zyrtec."


def test_a_term_that_is_read_otherwise_is_a_row_and_an_exit_status(call: Call) -> None:
    assert "no lexicon; 0 terms" in call("text", "check").output
    call("lexicon", "add", "zyrtec", *"Z ER1 T EH0 K".split(), "--carrier", "Ask for Zyrtec.")
    right = call("text", "check")
    assert right.exit_code == 0
    assert "1 terms in 2 sentences, read as a voice for en" in right.output
    assert "all are read as their lines say" in right.output
    call("lexicon", "add", "kpmg", "K", "--carrier", "Ask KPMG now.")
    wrong = call("text", "check")
    assert wrong.exit_code == 1
    row = "en kpmg (line 2), carrier: Ask KPMG now.\n    expected nothing, got EY1 P"
    assert row in wrong.output
    assert "1 sentences are not read as the lexicon says" in wrong.output
    assert json.loads(call("text", "check", "--json").output)["differences"][0]["term"] == "kpmg"
