from __future__ import annotations

import json
from pathlib import Path

import pytest

from tasks.terms.prompt import make_row, prompt_id, read_prompt, term_places
from voxgate.errors import ConfigError, TextError
from voxgate.text.front_ends import open_front_end

PROMPTS = Path(__file__).parents[3] / "benchmark" / "prompts.en.jsonl"
ENGLISH = open_front_end("en")
TEXT = "Dr. Siobhan moved 2 Zyrtec tablets, not three, to Zyrtec storage."


def row_of(text: str, term: str | None = None) -> dict[str, object]:
    spoken = read_prompt(text, ENGLISH).text
    return make_row(text, spoken, language="en", prompt_class="domain", block=1, term=term)


def test_shipped_prompts_come_out_as_they_are_in_the_file() -> None:
    rows = [json.loads(line) for line in PROMPTS.read_text().splitlines()]
    gate = [row for row in rows if row["split"] == "gate"]
    exceptions = {"en-gate-long-17", "en-gate-critical-35"}  # tests/benchmark says why
    for row in gate:
        made = row_of(row["text"])
        same = {"text", "normalised", "words", "split"} | (
            set() if row["id"] in exceptions else {"critical"}
        )
        assert {name: made[name] for name in same} == {name: row[name] for name in same}
        assert made.keys() == row.keys()
    assert len(gate) == 240


def test_the_words_of_the_term_must_not_change_wherever_they_are_said() -> None:
    assert row_of(TEXT)["critical"] == ["Siobhan", "two", "Zyrtec", "not", "three", "Zyrtec"]
    assert row_of(TEXT.lower(), "zyrtec tablets")["critical"] == [
        "two", "zyrtec", "tablets", "not", "three",
    ]  # fmt: skip
    assert row_of("The order is for one twin-pack of filters.", "twin-pack")["critical"] == [
        "twin", "pack",
    ]  # fmt: skip


def test_a_term_is_found_as_it_is_said_and_only_as_a_whole() -> None:
    assert term_places("Ask for Zyrtec.", "ZYRTEC") == {2}
    assert term_places("Ask for Zyrtecs.", "zyrtec") == frozenset()
    assert term_places("Ask.", "ask for it") == frozenset()
    assert term_places("Ask.", "!") == frozenset()


def test_the_id_names_the_words_and_nothing_else() -> None:
    one = prompt_id("Zyrtec helps, now.", "en")
    assert one == prompt_id("zyrtec helps now", "en")
    assert one != prompt_id("Zyrtec helped now.", "en")
    assert one == "en-gate-term-" + one[-10:]


def test_a_term_that_is_not_said_is_refused() -> None:
    with pytest.raises(ConfigError, match="the term 'aspirin' in the sentence"):
        row_of(TEXT, "aspirin")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " Pay at the second desk now.",
        "One line here.\nAnd two.",
        "Pay at the\x00 second desk now.",
        "Pay at the \x1b[31msecond\x1b[0m desk now.",
        "Pay at the \u202esecond desk now.",
        "Pay at the \udcff second desk now.",
    ],
)
def test_a_prompt_is_one_line(text: str) -> None:
    with pytest.raises(ConfigError, match="one line of printable text"):
        read_prompt(text, ENGLISH)


@pytest.mark.parametrize(
    ("text", "seconds"), [("Zyrtec.", "0.5"), ("Pay the bill now. " * 20, "14.4")]
)
def test_a_prompt_has_the_length_of_the_others(text: str, seconds: str) -> None:
    with pytest.raises(ConfigError, match=rf"expected 1.5 to 12 s of speech, got about {seconds}"):
        read_prompt(text.strip(), ENGLISH)


@pytest.mark.parametrize("text", ["!!!", "Это не английский текст для проверки."])
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(TextError):
        read_prompt(text, ENGLISH)


def test_a_term_without_spaces_around_it_is_a_run_among_the_others() -> None:
    row = make_row(
        "别去长乐路3号。", "别去长乐路三号.", language="zh", prompt_class="domain", block=1,
        term="长乐路",
    )  # fmt: skip
    assert row["critical"] == ["别", "长乐路", "三号"]
    assert row["words"] == 7
    with pytest.raises(ConfigError, match="expected the term '重庆' in the sentence"):
        make_row("去", "去", language="zh", prompt_class="domain", block=1, term="重庆")
