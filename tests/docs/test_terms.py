"""The commands of docs/terms.md say what the page shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from tests.fakes.term_checkout import make_term_checkout

PAGE = (Path(__file__).parents[2] / "docs" / "terms.md").read_text(encoding="utf-8")
SESSIONS = re.findall(r"^    \$ voxgate (.+)\n((?:    .*\n)+)", PAGE, re.MULTILINE)


def _without_gap(shown: list[str], said: list[str]) -> int:
    """Return how many lines of what was said are the ones shown."""
    for count, line in enumerate(shown):
        whole = not line.endswith("…")
        found = said[count] if count < len(said) else ""
        if (found != line) if whole else not found.startswith(line[:-1]):
            raise AssertionError(f"the page shows {line!r}, the command says {found!r}")
    return len(shown)


def _compare(shown: list[str], said: list[str]) -> None:
    """A line `…` stands for any lines; one that ends so, for a longer one."""
    parts = "\n".join(shown).split("\n…")
    rest = said[_without_gap(parts[0].split("\n"), said) :]
    for part in filter(None, (part.strip("\n") for part in parts[1:])):
        lines = part.split("\n")
        starts = [at for at, line in enumerate(rest) if line.startswith(lines[0].rstrip("…"))]
        assert starts, f"the page shows {lines[0]!r}, which the command does not say"
        rest = rest[starts[0] + _without_gap(lines, rest[starts[0] :]) :]


def test_the_page_is_what_happens(tmp_path: Path) -> None:
    root = make_term_checkout(tmp_path / "checkout")
    assert [shlex.split(command)[:2] for command, _ in SESSIONS] == [
        ["lexicon", "add"],
        ["lexicon", "list"],
        ["text", "check"],
        ["text", "say"],
        ["benchmark", "add"],
        ["benchmark", "list"],
    ]
    for command, shown in SESSIONS:
        words = [*shlex.split(command), "--root", str(root)]
        said = CliRunner().invoke(app, words, catch_exceptions=False).output
        _compare([line[4:] for line in shown.splitlines()], said.splitlines())


def test_a_page_that_shows_something_else_is_noticed() -> None:
    with pytest.raises(AssertionError, match="the command says 'a b'"):
        _compare(["a"], ["a b"])
    with pytest.raises(AssertionError, match="does not say"):
        _compare(["a", "…", "c"], ["a", "b"])
    _compare(["a", "…", "c…", "…"], ["a", "b", "cd", "e"])
