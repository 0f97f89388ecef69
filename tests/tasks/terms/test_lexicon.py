from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tasks.terms.lexicon import NewTerm, add_term, find_lexicon, list_lexicon, remove_term
from tests.fakes.term_checkout import make_term_checkout
from voxgate.errors import ConfigError
from voxgate.params import Params, load_params
from voxgate.stage import Workspace

ZYRTEC = "z er1 t eh0 k"
KILLED = """
import os, pathlib, signal, sys
from tasks.terms.lexicon import NewTerm, add_term
from voxgate.params import load_params
from voxgate.stage import Workspace

root = pathlib.Path(sys.argv[1])
pathlib.Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
word = NewTerm(written="digium", reading="D IH1 JH IY0 AH0 M")
add_term(Workspace(root), load_params(root / "params.yaml"), word)
"""


def new(written: str = "zyrtec", reading: str = ZYRTEC, **other: str) -> NewTerm:
    return NewTerm(written=written, reading=reading, **other)


@pytest.fixture
def checkout(tmp_path: Path) -> tuple[Workspace, Params]:
    root = make_term_checkout(tmp_path / "checkout")
    return Workspace(root), load_params(root / "params.yaml")


def text(workspace: Workspace) -> str:
    return (workspace.data_dir / "lexicons" / "lexicon.en.tsv").read_text()


def test_a_word_is_added_and_compared_with_what_would_be_guessed(
    checkout: tuple[Workspace, Params],
) -> None:
    answer = add_term(*checkout, new("Zyrtec"))
    assert text(checkout[0]) == "zyrtec\tZ ER1 T EH0 K\n"
    assert answer["before"]["guessed"]
    assert answer["before"]["phones"] != answer["phones"] == ZYRTEC.upper().split()
    assert (answer["changed"], answer["replaced"]) == (True, None)
    assert (answer["file"], answer["named_in_params"]) == ("data/lexicons/lexicon.en.tsv", False)


def test_the_same_again_changes_nothing_and_others_need_replace(
    checkout: tuple[Workspace, Params],
) -> None:
    add_term(*checkout, new())
    assert not add_term(*checkout, new("ZYRTEC"))["changed"]
    with pytest.raises(ConfigError, match="is there as Z ER1 T EH0 K; --replace"):
        add_term(*checkout, new("zyrtec", "Z"))
    assert text(checkout[0]) == "zyrtec\tZ ER1 T EH0 K\n"
    answer = add_term(*checkout, new("zyrtec", "Z"), replace=True)
    assert answer["replaced"] == "Z ER1 T EH0 K"
    assert text(checkout[0]) == "zyrtec\tZ\n"


def test_a_dry_run_says_the_same_and_writes_nothing(checkout: tuple[Workspace, Params]) -> None:
    tried = add_term(*checkout, new(), dry_run=True)
    assert not (checkout[0].data_dir / "lexicons" / "lexicon.en.tsv").exists()
    done = add_term(*checkout, new())
    assert {**tried, "dry_run": False} == done
    assert remove_term(*checkout, "zyrtec", dry_run=True)["term"] == "zyrtec"
    assert text(checkout[0])


def test_a_word_is_taken_away_once(checkout: tuple[Workspace, Params]) -> None:
    add_term(*checkout, new())
    assert remove_term(*checkout, "Zyrtec")["before"]["guessed"]
    assert text(checkout[0]) == ""
    with pytest.raises(ConfigError, match="no word 'zyrtec'; there are: none"):
        remove_term(*checkout, "zyrtec")


def test_words_are_listed_with_the_prompts_that_say_them(
    checkout: tuple[Workspace, Params],
) -> None:
    for term in ("zyrtec", "oslo"):
        add_term(*checkout, new(term))
    found = {row["term"]: row for row in list_lexicon(*checkout)["terms"]}
    assert found["zyrtec"]["prompts"] == []
    assert len(found["oslo"]["prompts"]) == 1
    assert found["oslo"]["before"]["source"] == "lexicon"


@pytest.mark.parametrize(
    ("term", "reading", "message"),
    [
        ("two words", ZYRTEC, "expected one word"),
        ("zyrtec", "ZZ", "ARPAbet"),
        ("zyrtec", "", "got none"),
        ("KPMG", "K", "is read as 'K P M G'"),
        ("iPhone", "K", "is read as 'i Phone'"),
    ],
)
def test_what_cannot_be_a_line_writes_none(
    term: str, reading: str, message: str, checkout: tuple[Workspace, Params]
) -> None:
    with pytest.raises(ConfigError, match=message):
        add_term(*checkout, new(term, reading))
    assert not (checkout[0].data_dir / "lexicons" / "lexicon.en.tsv").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"zyrtec\tZ\nzyrtec\tK\nx y\n", "2 faults"), (b"\xff\xfe", "UTF-8"), (b"!dates", "line 1")],
)
def test_a_broken_file_is_left_as_it_is(
    content: bytes, message: str, checkout: tuple[Workspace, Params]
) -> None:
    path = checkout[0].data_dir / "lexicons" / "lexicon.en.tsv"
    path.parent.mkdir()
    path.write_bytes(content)
    for act in (
        lambda: add_term(*checkout, new("digium", "D")),
        lambda: remove_term(*checkout, "digium"),
        lambda: list_lexicon(*checkout),
    ):
        with pytest.raises(ConfigError, match=message) as raised:
            act()
        assert raised.value.where == str(path)
    assert path.read_bytes() == content


def test_params_name_another_file_but_none_outside_data(tmp_path: Path) -> None:
    root = make_term_checkout(tmp_path / "named", lexicon="words/ours")
    workspace, params = Workspace(root), load_params(root / "params.yaml")
    answer = add_term(workspace, params, new())
    assert (answer["file"], answer["named_in_params"]) == ("data/words/ours/lexicon.en.tsv", True)
    (word,) = find_lexicon(workspace, params).front_end().read("zyrtec").words
    assert word.source == "user"
    outside = make_term_checkout(tmp_path / "outside", lexicon="../ours")
    with pytest.raises(ConfigError, match="expected a folder under data/"):
        add_term(Workspace(outside), load_params(outside / "params.yaml"), new())


def test_a_checkout_without_recordings_has_no_lexicon(checkout: tuple[Workspace, Params]) -> None:
    checkout[0].manifest.unlink()
    with pytest.raises(ConfigError, match="voxgate corpus"):
        add_term(*checkout, new())


def test_of_additions_at_once_none_is_lost(checkout: tuple[Workspace, Params]) -> None:
    terms = ["aba", "ebe", "ibi", "obo", "ubu"]

    def add(term: str) -> dict[str, Any]:
        return add_term(*checkout, new(term))

    with ThreadPoolExecutor(len(terms)) as pool:
        assert all(answer["changed"] for answer in pool.map(add, terms))
    assert sorted(find_lexicon(*checkout).terms()) == terms


def test_a_kill_before_the_rename_leaves_the_old_file_and_the_next_one_sweeps(
    checkout: tuple[Workspace, Params],
) -> None:
    workspace, params = checkout
    add_term(workspace, params, new())
    command = [sys.executable, "-c", KILLED, str(workspace.root)]
    assert subprocess.run(command, check=False).returncode == -9
    assert text(workspace) == "zyrtec\tZ ER1 T EH0 K\n"
    assert len(list((workspace.data_dir / "lexicons").glob(".*.tmp"))) == 1
    add_term(workspace, params, new("digium", "D IH1"))
    assert text(workspace) == "zyrtec\tZ ER1 T EH0 K\ndigium\tD IH1\n"
    assert list((workspace.data_dir / "lexicons").glob(".*.tmp")) == []
