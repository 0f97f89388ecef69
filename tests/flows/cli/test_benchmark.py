"""Prompts as whoever owns the terms meets them."""

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
TEXT = "Siobhan should take Zyrtec twice a day, but never after lunch."


@pytest.fixture
def call(tmp_path: Path) -> Call:
    root = make_term_checkout(tmp_path / "checkout")

    def run(*arguments: object) -> Result:
        words = ["benchmark", *map(str, arguments), "--root", str(root)]
        result = CliRunner().invoke(app, words)
        if isinstance(result.exception, VoxgateError):
            raise result.exception
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


def test_what_is_stale_and_what_mends_it_is_said(call: Call) -> None:
    said = call("add", TEXT, "--term", "Zyrtec").output
    assert "is added to benchmark/prompts.en.jsonl: class domain, block 1" in said
    assert "must not change: Zyrtec, twice, never" in said
    assert "leakage: no run of words is shared" in said
    assert "Zyrtec: guessed from its spelling; `voxgate lexicon add zyrtec READING`" in said
    assert "benchmark: 261 prompts, digest " in said
    assert "The gate has 2 looks instead of 3" in said
    assert "benchmark/calibration.json is stale" in said
    steps = [said.index(f"  voxgate {step} ") for step in ("evaluate", "calibrate", "run")]
    assert steps == sorted(steps)
    assert "`voxgate gold VERSION --by … --reason …`" in said


def test_a_dry_run_leaves_the_list_as_it_is(call: Call) -> None:
    before = call("list").output
    assert "would be added to" in call("add", TEXT, "--dry-run").output
    assert call("list").output == before


def test_prompts_are_listed_by_slice(call: Call) -> None:
    answer = json.loads(call("add", TEXT, "--class", "names", "--block", 3, "--json").output)
    listed = call("list").output
    assert listed.startswith(f"benchmark/prompts.en.jsonl: 261 prompts, digest {answer['digest']}")
    headings = [line for line in listed.splitlines()[1:] if line and line[0] != " "]
    assert headings[0] == "gate, critical: 36"
    assert "gate, names: 35" in headings
    assert len(headings) == 13
    (line,) = (line for line in listed.splitlines() if answer["prompt"]["id"] in line)
    assert line.endswith(f"block 3  {TEXT}  [must not change: Zyrtec, twice, never]")
    assert len(json.loads(call("list", "--json").output)["prompts"]) == 261


def test_what_cannot_be_added_is_a_typed_error(call: Call) -> None:
    call("add", TEXT)
    with pytest.raises(ConfigError, match="is there as en-gate-term-"):
        call("add", TEXT)
    with pytest.raises(ConfigError, match="class: expected one of"):
        call("add", "Which drugs did the doctor name today?", "--class", "drugs")
