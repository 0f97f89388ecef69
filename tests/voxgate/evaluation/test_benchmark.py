from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.evaluation_workspace import write_lines
from voxgate.errors import ConfigError, GateError
from voxgate.evaluation.benchmark import load_benchmark

ROWS: list[dict[str, Any]] = [
    {"id": "s-1", "split": "select", "class": "plain", "text": "One line.",
     "normalised": "One line.", "words": 2},
    {"id": "g-1", "split": "gate", "class": "names", "text": "Ask Ada about 4 lines.",
     "normalised": "Ask Ada about four lines.", "words": 5},
]  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "prompts.en.jsonl"


def faults_of(path: Path, rows: list[dict[str, Any]]) -> tuple[str, ...]:
    write_lines(path, rows)
    with pytest.raises(ConfigError) as caught:
        load_benchmark(path)
    return caught.value.faults


def test_prompts_are_read_by_split(path: Path) -> None:
    write_lines(path, ROWS)
    benchmark = load_benchmark(path)
    assert benchmark.language == "en"
    assert [prompt.id for prompt in benchmark.of_split("gate")] == ["g-1"]
    assert benchmark.of_split("gate")[0].prompt_class == "names"


def test_the_digest_names_content_and_not_order_or_spacing(path: Path) -> None:
    write_lines(path, ROWS)
    digest = load_benchmark(path).digest
    path.write_text("\n\n".join(json.dumps(row, indent=None) for row in reversed(ROWS)))
    assert load_benchmark(path).digest == digest
    write_lines(path, [ROWS[0], {**ROWS[1], "text": "Ask Ada about 5 lines."}])
    assert load_benchmark(path).digest != digest


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"split": "test"}, "line 2: split: expected one of select, gate, got 'test'"),
        ({"id": "../x"}, "line 2: id: expected letters, digits, '-' or '_'"),
        ({"id": ""}, "line 2: id: is empty"),
        ({"text": "  "}, "line 2: text: is empty"),
        ({"words": 0}, "line 2: words: expected at least 1, got 0"),
        ({"words": "5"}, "line 2: words: expected int, got '5'"),
        ({"words": True}, "line 2: words: expected int, got True"),
        ({"speaker": "x"}, "line 2: unknown field 'speaker'"),
        ({"id": "s-1"}, "line 2: id 's-1' was already on line 1"),
        ({"normalised": "one, LINE"}, "line 2: normalised has 100 % of its words in common with"),
        ({"text": "One\u200b line"}, "line 2: text has 100 % of its words in common with line 1"),
        ({"normalised": "Nobody noticed the crack."}, "line 2: normalised does not say 'about'"),
        ({"normalised": "...", "text": "..."}, "line 2: normalised has no word"),
    ],
)
def test_a_broken_line_is_named(path: Path, change: dict[str, Any], fault: str) -> None:
    faults = faults_of(path, [ROWS[0], {**ROWS[1], **change}])
    assert any(found.startswith(fault) for found in faults)


def test_all_faults_are_reported_together(path: Path) -> None:
    path.write_text('{"id": 1}\nnot json\n[]\n')
    with pytest.raises(ConfigError) as caught:
        load_benchmark(path)
    text = "\n".join(caught.value.faults)
    assert "line 1: field 'class' is missing" in text
    assert "line 1: id: expected str, got 1" in text
    assert "line 2: not JSON" in text
    assert "line 3: expected an object, got list" in text
    assert "no prompt of split 'gate'" in text


def test_a_missing_file_and_a_name_without_language_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="the prompt file is missing"):
        load_benchmark(tmp_path / "prompts.en.jsonl")
    write_lines(tmp_path / "prompts.jsonl", ROWS)
    with pytest.raises(ConfigError, match=r"prompts\.en\.jsonl, with the language"):
        load_benchmark(tmp_path / "prompts.jsonl")


def test_the_committed_benchmark_is_sound_and_large_enough() -> None:
    benchmark = load_benchmark(Path("benchmark/prompts.en.jsonl"))
    assert len(benchmark.of_split("select")) == 20
    assert len(benchmark.of_split("gate")) == 240
    select = {prompt.normalised for prompt in benchmark.of_split("select")}
    assert not select & {prompt.normalised for prompt in benchmark.of_split("gate")}


def test_a_shortened_benchmark_keeps_every_class_and_has_a_digest_of_its_own(path: Path) -> None:
    gate = [
        {**ROWS[1], "id": f"{name}-{number}", "class": name, "text": text, "normalised": text}
        for name in ("names", "plain")
        for number, text in enumerate(f"{name} {word}" for word in ("zero", "one", "two"))
    ]
    write_lines(path, [ROWS[0], *gate])
    benchmark = load_benchmark(path)
    short = benchmark.shortened(3)
    assert [prompt.id for prompt in short.of_split("gate")] == ["names-0", "names-1", "plain-0"]
    assert short.of_split("select") == benchmark.of_split("select")
    assert short.digest != benchmark.digest
    assert benchmark.shortened(6) == benchmark
    for count in (0, 7):
        with pytest.raises(GateError, match=f"{count} gate prompts: expected 1 to 6"):
            benchmark.shortened(count)


def test_a_look_has_the_prompts_of_its_blocks(path: Path) -> None:
    texts = ("first of all", "second to none", "third time lucky")
    gate = [
        {**ROWS[1], "id": f"g-{n}", "text": text, "normalised": text, "block": n}
        for n, text in enumerate(texts, start=1)
    ]
    write_lines(path, [ROWS[0], *gate])
    benchmark = load_benchmark(path)
    assert benchmark.blocks == 3
    assert [prompt.id for prompt in benchmark.of_look(2)] == ["g-1", "g-2"]


def test_a_shortened_benchmark_has_prompts_of_the_first_look_only(path: Path) -> None:
    gate = [
        {**ROWS[1], "id": f"{name}-{n}", "class": name, "block": block, "text": t, "normalised": t}
        for name in ("names", "plain")
        for n, (block, t) in enumerate(
            [(2, f"{name} two"), (1, f"{name} one"), (1, f"{name} more")]
        )
    ]
    write_lines(path, [ROWS[0], *gate])
    short = load_benchmark(path).shortened(4).of_split("gate")
    assert [(prompt.id, prompt.block) for prompt in short] == [
        ("names-1", 1),
        ("names-2", 1),
        ("plain-1", 1),
        ("plain-2", 1),
    ]


def test_a_gap_between_blocks_is_a_fault(path: Path) -> None:
    texts = {1: "first of all", 4: "fourth time lucky"}
    gate = [
        {**ROWS[1], "id": f"g-{n}", "text": text, "normalised": text, "block": n}
        for n, text in texts.items()
    ]
    (fault,) = faults_of(path, [ROWS[0], *gate])
    assert fault.startswith("no prompt of the gate is in block 2, 3; blocks are numbered from 1")
    assert fault.endswith("the last one here is 4")


def test_a_select_prompt_in_a_block_is_a_fault(path: Path) -> None:
    faults = faults_of(path, [{**ROWS[0], "block": 1}, ROWS[1]])
    assert faults[0] == "line 1: block: only prompts of the gate come in blocks"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"block": 0}, "block: expected 1 or more, got 0"),
        ({"block": True}, "block: expected int, got True"),
        ({"critical": ["six"]}, "critical: 'six' is no word of normalised"),
        (
            {"critical": ["four", "four"]},
            "'four' is no word of normalised, or named once too often",
        ),
        ({"critical": [4]}, "critical: expected single words, got 4"),
    ],
)
def test_a_wrong_block_or_critical_word_is_a_fault(
    path: Path, change: dict[str, object], message: str
) -> None:
    assert any(message in fault for fault in faults_of(path, [ROWS[0], {**ROWS[1], **change}]))


def test_forty_copies_of_one_prompt_are_thirty_nine_faults(path: Path) -> None:
    copies = [
        {**ROWS[1], "id": f"g-{n}", "normalised": "Ask Ada about four lines" + "." * n}
        for n in range(1, 41)
    ]
    faults = faults_of(path, [ROWS[0], *copies])
    assert [fault.partition(":")[0] for fault in faults] == [f"line {n}" for n in range(3, 42)]


@pytest.mark.parametrize(
    ("look", "first", "blocks"),
    [
        (1, 1, (1,)),
        (2, 1, (1, 2)),
        (1, 3, (3,)),
        (2, 3, (1, 3)),
        (3, 2, (1, 2, 3)),
        (9, 1, (1, 2, 3)),
    ],
)
def test_a_look_covers_blocks_in_turn_from_its_first_one(
    path: Path, look: int, first: int, blocks: tuple[int, ...]
) -> None:
    words = ("Ada", "Bob", "Cleo")
    gate = [
        {**ROWS[1], "id": f"g-{n}", "block": n, "text": f"{name} {name}s", "words": 2,
         "normalised": f"{name} {name}s"}
        for n, name in enumerate(words, start=1)
    ]  # fmt: skip
    write_lines(path, [ROWS[0], *gate])
    benchmark = load_benchmark(path)
    assert benchmark.blocks_of_look(look, first=first) == blocks
    covered = benchmark.of_look(look, first=first)
    assert [prompt.id for prompt in covered] == [f"g-{n}" for n in blocks]
