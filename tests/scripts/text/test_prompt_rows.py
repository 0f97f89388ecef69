from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.text.prompt_rows import completed_lines, main, read_digits
from voxgate.errors import ConfigError
from voxgate.text.front_ends import open_front_end

ENGLISH = Path(__file__).parents[3] / "benchmark" / "prompts.en.jsonl"


def test_the_english_prompts_come_out_as_they_are() -> None:
    written = [json.loads(line) for line in ENGLISH.read_text(encoding="utf-8").splitlines()]
    assert [json.loads(line) for line in completed_lines(ENGLISH, open_front_end)] == written


def test_fields_are_filled_from_the_front_end(tmp_path: Path) -> None:
    path = tmp_path / "prompts.yue.jsonl"
    row = {"id": "a", "split": "gate", "class": "plain", "text": "我send咗張相。", "block": 1}
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert main(["--check", str(path)]) == 1
    assert main([str(path)]) == 0
    assert main(["--check", str(path)]) == 0
    filled = json.loads(path.read_text(encoding="utf-8"))
    assert list(filled) == [
        "id", "split", "class", "text", "normalised", "words", "block", "critical",
    ]  # fmt: skip
    assert (filled["normalised"], filled["words"]) == ("我send咗張相.", 5)


def test_what_is_written_in_digits_is_critical() -> None:
    spoken = "手術由六月六號延到六月十六號."
    assert read_digits("手術由6月6號延到6月16號。", spoken) == ("六", "六", "六", "十六")


def test_every_unreadable_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "prompts.yue.jsonl"
    path.write_text('{"split": "gate"}\nno\n{"text": "ก", "split": "gate"}\n', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        completed_lines(path, open_front_end)
    assert [fault.split(":")[0] for fault in caught.value.faults] == ["line 1", "line 2", "line 3"]
