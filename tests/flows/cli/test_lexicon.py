"""Pronunciations as whoever owns the terms meets them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from flows.cli.app import app
from tests.fakes.term_checkout import make_term_checkout
from voxgate.errors import ConfigError, VoxgateError

Call = Callable[..., Result]
ZYRTEC = "Z ER1 T EH0 K".split()


def caller(root: Path) -> Call:
    def run(*arguments: object) -> Result:
        words = ["lexicon", *map(str, arguments), "--root", str(root)]
        result = CliRunner().invoke(app, words)
        if isinstance(result.exception, VoxgateError):
            raise result.exception
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


@pytest.fixture
def call(tmp_path: Path) -> Call:
    return caller(make_term_checkout(tmp_path / "checkout"))


def test_what_follows_from_a_new_word_is_said(call: Call) -> None:
    said = call("add", "Zyrtec", *ZYRTEC).output
    assert said.startswith("zyrtec  Z ER1 T EH0 K is in data/lexicons/lexicon.en.tsv\n")
    assert "without the file: Z IH1 R T EH2 K (guessed)" in said
    assert "in params.yaml set featurize.lexicon: lexicons" in said
    assert "`voxgate data commit`" in said
    assert "What is live, and every package of before, keeps its own." in said


def test_where_params_name_the_file_nothing_is_left_to_set(tmp_path: Path) -> None:
    call = caller(make_term_checkout(tmp_path / "named", lexicon="lexicons"))
    assert "params.yaml" not in call("add", "zyrtec", *ZYRTEC).output
    again = call("add", "zyrtec", *ZYRTEC).output
    assert "is in data/lexicons/lexicon.en.tsv already" in again
    assert "data commit" not in again


def test_a_word_is_listed_replaced_and_taken_away(call: Call) -> None:
    assert "has no words" in call("list").output
    call("add", "zyrtec", *ZYRTEC)
    with pytest.raises(ConfigError, match="--replace"):
        call("add", "zyrtec", "Z")
    assert "would be in" in call("add", "zyrtec", "Z", "--replace", "--dry-run").output
    assert "before: Z ER1 T EH0 K" in call("add", "zyrtec", "Z", "--replace").output
    listed = call("list").output
    assert "zyrtec           Z  [en]\n" in listed
    assert "prompts: none; `voxgate benchmark add`" in listed
    assert json.loads(call("list", "--json").output)["terms"][0]["reading"] == "Z"
    assert "would be gone" in call("remove", "zyrtec", "--dry-run").output
    assert "from then on: Z IH1 R T EH2 K (guessed)" in call("remove", "zyrtec").output
    assert "has no words" in call("list").output


def test_an_answer_is_json_for_scripts(call: Call) -> None:
    answer = json.loads(call("add", "zyrtec", *ZYRTEC, "--json").output)
    assert (answer["term"], answer["phones"], answer["changed"]) == ("zyrtec", ZYRTEC, True)
    assert json.loads(call("remove", "zyrtec", "--json").output)["reading"] == " ".join(ZYRTEC)


def test_a_word_without_phonemes_is_a_wrong_call(call: Call) -> None:
    assert call("add", "zyrtec").exit_code == 2
