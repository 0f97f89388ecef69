from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tasks.measuring.thresholds import build_thresholds
from tasks.terms.benchmark import NewPrompt, add_prompt, list_prompts
from tasks.terms.lexicon import NewTerm, add_term
from tests.fakes.term_checkout import RECORDED, make_term_checkout
from voxgate.errors import ConfigError, LockHeldError, ManifestError, TextError
from voxgate.evaluation.benchmark import load_benchmark
from voxgate.lease import checkout_lease
from voxgate.params import Params, load_params
from voxgate.stage import Workspace

ZYRTEC = NewPrompt(
    text="Siobhan should take Zyrtec twice a day, but never after lunch.", term="zyrtec"
)
KILLED = """
import os, pathlib, signal, sys
from tasks.terms.benchmark import NewPrompt, add_prompt
from voxgate.params import load_params
from voxgate.stage import Workspace

root = pathlib.Path(sys.argv[1])
pathlib.Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
add_prompt(
    Workspace(root), load_params(root / "params.yaml"), NewPrompt(text=sys.argv[2], term="zyrtec")
)
"""


@pytest.fixture
def checkout(tmp_path: Path) -> tuple[Workspace, Params]:
    root = make_term_checkout(tmp_path / "checkout")
    return Workspace(root), load_params(root / "params.yaml")


def content(workspace: Workspace) -> bytes:
    return (workspace.benchmark_dir / "prompts.en.jsonl").read_bytes()


def test_a_prompt_is_appended_and_the_benchmark_is_another_one(
    checkout: tuple[Workspace, Params],
) -> None:
    workspace, params = checkout
    before = content(workspace)
    answer = add_prompt(workspace, params, ZYRTEC)
    after = content(workspace)
    assert after.startswith(before)
    assert json.loads(after.removeprefix(before)) == answer["prompt"]
    assert answer["prompt"]["critical"] == ["Zyrtec", "twice", "never"]
    assert (answer["prompts"], answer["overlap"], answer["guessed"]) == (261, None, ["Zyrtec"])
    loaded = load_benchmark(workspace.benchmark_dir / "prompts.en.jsonl")
    assert loaded.digest == answer["digest"] != answer["digest_before"]
    assert answer["prompt"]["id"] in {prompt.id for prompt in loaded.of_look(1)}
    assert answer["calibrated_for"] == answer["digest_before"]
    thresholds = build_thresholds(workspace, params)
    assert thresholds.benchmark_digest == answer["digest"]
    assert (answer["looks_before"], answer["looks"]) == (3, thresholds.max_looks) == (3, 2)


def test_the_drill_of_few_prompts_stays_the_same(checkout: tuple[Workspace, Params]) -> None:
    path = checkout[0].benchmark_dir / "prompts.en.jsonl"
    before = load_benchmark(path).shortened(24).digest
    add_prompt(*checkout, ZYRTEC)
    assert load_benchmark(path).shortened(24).digest == before


def test_a_dry_run_says_the_same_and_writes_nothing(checkout: tuple[Workspace, Params]) -> None:
    before = content(checkout[0])
    tried = add_prompt(*checkout, ZYRTEC, dry_run=True)
    assert content(checkout[0]) == before
    assert {**tried, "dry_run": False} == add_prompt(*checkout, ZYRTEC)


def test_a_file_without_a_last_line_end_gets_one(checkout: tuple[Workspace, Params]) -> None:
    path = checkout[0].benchmark_dir / "prompts.en.jsonl"
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    add_prompt(*checkout, ZYRTEC)
    assert len(load_benchmark(path).prompts) == 261


SAID = "Your prescription for the yellow tablets will be ready at seven tomorrow."


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (NewPrompt(text="Hi."), "expected 1.5 to 12 s"),
        (NewPrompt(text=" "), "one line"),
        (NewPrompt(text=f"{ZYRTEC.text}\n{ZYRTEC.text}"), "one line"),
        (replace(ZYRTEC, term="aspirin"), "expected the term 'aspirin'"),
        (NewPrompt(text="The tablets taste of mint and chalk.", prompt_class="critical"), "--term"),
        (replace(ZYRTEC, prompt_class="drugs"), "class: expected one of critical, domain, long"),
        (replace(ZYRTEC, block=4), "block: expected 1 to 3, got 4"),
        (replace(ZYRTEC, block=0, prompt_class=""), "2 faults"),
        (NewPrompt(text="The flight to Oslo leaves from Gate 17, not Gate 70."), "counts twice"),
        (NewPrompt(text="The flight to Oslo leaves from Gate 17 and not gate 70!"), "counts twice"),
        (NewPrompt(text=RECORDED[0]), "recording tone/clip-0 says 100% of it"),
        (NewPrompt(text=SAID), "recording tone/clip-0 says 67% of it, allowed is less than 50%"),
        (NewPrompt(text="How many rooms can George carry after lunch?"), "self-test clip of"),
        (NewPrompt(text="And the kettle clicked off just as the rain began."), "prompt en-select"),
    ],
)
def test_what_cannot_be_a_prompt_adds_nothing(
    asked: NewPrompt, message: str, checkout: tuple[Workspace, Params]
) -> None:
    before = content(checkout[0])
    with pytest.raises(ConfigError, match=message):
        add_prompt(*checkout, asked)
    assert content(checkout[0]) == before


def test_a_sentence_that_cannot_be_read_is_refused(checkout: tuple[Workspace, Params]) -> None:
    with pytest.raises(TextError):
        add_prompt(*checkout, NewPrompt(text="Это не английский текст для проверки."))


def test_the_same_words_again_are_the_same_prompt(checkout: tuple[Workspace, Params]) -> None:
    first = add_prompt(*checkout, ZYRTEC)["prompt"]["id"]
    again = NewPrompt(text=ZYRTEC.text.lower().replace(",", ""))
    with pytest.raises(ConfigError, match=f"is there as {first}"):
        add_prompt(*checkout, again)


def test_a_little_overlap_is_said(checkout: tuple[Workspace, Params]) -> None:
    asked = NewPrompt(text="Siobhan says that the yellow tablets will be sold out by noon today.")
    overlap = add_prompt(*checkout, asked, dry_run=True)["overlap"]
    assert overlap["with"] == "recording tone/clip-0"
    assert 0 < overlap["share"] < 0.5


def test_without_recordings_leakage_cannot_be_ruled_out(
    checkout: tuple[Workspace, Params],
) -> None:
    checkout[0].manifest.unlink()
    before = content(checkout[0])
    with pytest.raises(ManifestError, match="voxgate corpus"):
        add_prompt(*checkout, ZYRTEC)
    assert content(checkout[0]) == before


def test_a_broken_benchmark_is_left_as_it_is(checkout: tuple[Workspace, Params]) -> None:
    path = checkout[0].benchmark_dir / "prompts.en.jsonl"
    path.write_text(path.read_text() + "{}\n")
    before = content(checkout[0])
    with pytest.raises(ConfigError, match="line 261: field 'class' is missing"):
        add_prompt(*checkout, ZYRTEC)
    assert content(checkout[0]) == before


def test_a_word_of_the_lexicon_is_not_guessed_and_is_listed(tmp_path: Path) -> None:
    root = make_term_checkout(tmp_path / "named", lexicon="lexicons")
    workspace, params = Workspace(root), load_params(root / "params.yaml")
    assert add_prompt(workspace, params, ZYRTEC, dry_run=True)["guessed"] == ["Zyrtec"]
    add_term(workspace, params, NewTerm(written="zyrtec", reading="Z ER1 T EH0 K"))
    answer = add_prompt(workspace, params, ZYRTEC)
    assert answer["guessed"] == []
    rows = {row["id"]: row for row in list_prompts(workspace, params)["prompts"]}
    assert rows[answer["prompt"]["id"]]["terms"] == ["zyrtec"]
    assert sum(bool(row["terms"]) for row in rows.values()) == 1


def test_prompts_are_listed_by_slice(checkout: tuple[Workspace, Params]) -> None:
    answer = list_prompts(*checkout)
    slices = [(row["split"], row["class"]) for row in answer["prompts"]]
    assert slices == sorted(slices)
    assert len(slices) == 260
    assert answer["digest"] == build_thresholds(*checkout).benchmark_digest


def test_nothing_is_added_while_a_run_goes_on(checkout: tuple[Workspace, Params]) -> None:
    before = content(checkout[0])
    with (
        checkout_lease(checkout[0].run_lock, purpose="run of anna"),
        pytest.raises(LockHeldError, match="run of anna"),
    ):
        add_prompt(*checkout, ZYRTEC, wait_s=0)
    assert content(checkout[0]) == before


def test_of_additions_at_once_none_is_lost(checkout: tuple[Workspace, Params]) -> None:
    texts = [
        "Ask the pharmacist whether Zyrtec is safe for a toddler.",
        "Nobody in this ward was ever given Zyrtec by mistake.",
        "Has the second box of Zyrtec arrived from the warehouse?",
        "Her doctor replaced Zyrtec with something far milder.",
    ]

    def add(text: str) -> dict[str, Any]:
        return add_prompt(*checkout, NewPrompt(text=text, term="zyrtec"), wait_s=300)

    with ThreadPoolExecutor(len(texts)) as pool:
        added = list(pool.map(add, texts))
    assert sorted(answer["prompts"] for answer in added) == [261, 262, 263, 264]
    loaded = load_benchmark(checkout[0].benchmark_dir / "prompts.en.jsonl")
    assert {answer["prompt"]["id"] for answer in added} < {prompt.id for prompt in loaded.prompts}
    (last,) = (answer["digest"] for answer in added if answer["prompts"] == 264)
    assert last == loaded.digest


def test_of_the_same_sentence_at_once_one_is_added(checkout: tuple[Workspace, Params]) -> None:
    def add(_: int) -> bool:
        try:
            add_prompt(*checkout, ZYRTEC, wait_s=300)
        except ConfigError:
            return False
        return True

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(add, range(3))) == 1
    assert len(load_benchmark(checkout[0].benchmark_dir / "prompts.en.jsonl").prompts) == 261


def test_a_kill_before_the_rename_leaves_the_old_benchmark(
    checkout: tuple[Workspace, Params],
) -> None:
    workspace, params = checkout
    before = content(workspace)
    command = [sys.executable, "-c", KILLED, str(workspace.root), ZYRTEC.text]
    assert subprocess.run(command, check=False).returncode == -9
    assert content(workspace) == before
    assert len(list(workspace.benchmark_dir.glob(".*.tmp"))) == 1
    add_prompt(workspace, params, ZYRTEC)
    assert list(workspace.benchmark_dir.glob(".*.tmp")) == []
