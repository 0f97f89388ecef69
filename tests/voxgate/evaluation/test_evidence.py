from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.evidence import make_evidence, noisy_rows
from voxgate.errors import BundleError
from voxgate.evaluation.evidence import Evidence, evidence_from_json, read_evidence


def test_evidence_survives_a_round_trip(tmp_path: Path) -> None:
    evidence = make_evidence(row=noisy_rows(3))
    evidence.write(tmp_path / "evidence.json")
    again = read_evidence(tmp_path / "evidence.json")
    assert again == evidence
    again.write(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "evidence.json").read_bytes()


def test_nan_never_enters_a_file(tmp_path: Path) -> None:
    evidence = make_evidence(row=lambda _p, _k: {"similarity": float("nan")})
    with pytest.raises(ValueError, match="Out of range float"):
        evidence.write(tmp_path / "evidence.json")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="dvc repro evaluate"):
        read_evidence(tmp_path / "evidence.json")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": 5}, "evidence of schema 5, this version reads 1 to 4"),
        ({"mood": "good"}, "'mood' is unknown"),
        ({"rows": {}}, "rows: expected a list"),
        ({"model": "x"}, "model: expected an object, got str"),
        ({"protocol": {"rate": float("nan")}}, "protocol: contains NaN"),
        ({"protocol": {"unit": "mora"}}, "protocol: unit .mora.: expected one of word, syllable"),
        ({"evaluated_items": 1}, "the file was altered"),
    ],
)
def test_a_broken_document_is_named(change: dict[str, object], message: str) -> None:
    with pytest.raises(BundleError, match=message):
        evidence_from_json({**make_evidence().as_json(), **change}, where="here")


def test_a_row_without_a_field_is_named() -> None:
    document = make_evidence().as_json()
    del document["rows"][1]["similarity"]
    with pytest.raises(BundleError, match="here: row 2: 'similarity' is missing"):
        evidence_from_json(document, where="here")


def test_evidence_of_schema_1_is_read_as_counted_by_whispers_normaliser() -> None:
    evidence = make_evidence(row=noisy_rows(3))
    old = evidence.as_json()
    for row in old["rows"]:
        del row["whisper_word_errors"], row["whisper_ref_words"]
    read = evidence_from_json({**old, "schema": 1}, where="here")
    assert [row.whisper_word_errors for row in read.rows] == [r.word_errors for r in evidence.rows]
    assert {row.whisper_ref_words for row in read.rows} == {10}
    assert read.frame_digest == evidence.frame_digest


@pytest.mark.parametrize("rows", [None, [1], [{}]])
def test_a_broken_document_of_schema_1_is_named(rows: object) -> None:
    with pytest.raises(BundleError, match="here: "):
        evidence_from_json({**make_evidence().as_json(), "schema": 1, "rows": rows}, where="here")


def _in_blocks(**blocks: list[int]) -> Evidence:
    """Return evidence of prompts by block: `b1=[0, 1]` is block 1."""
    named = {name[1:]: [f"p{n:03d}" for n in numbers] for name, numbers in blocks.items()}
    prompts = [n for numbers in blocks.values() for n in numbers]
    whole = make_evidence()
    rows = tuple(row for row in whole.rows if int(row.prompt_id[1:]) in prompts)
    benchmark = {**whole.benchmark, "gate_seeds": 3, "blocks": named}
    return replace(whole, rows=rows, expected_items=len(rows), benchmark=benchmark)


def test_evidence_of_three_looks_serves_the_first() -> None:
    longer, short = _in_blocks(b1=[0, 1], b2=[2, 3], b3=[4]), _in_blocks(b1=[0, 1])
    assert longer.frame_digest == short.frame_digest
    part = longer.of_blocks({1})
    assert part.rows == short.rows
    assert part.benchmark["gate_prompts"] == ["p000", "p001"]
    assert (part.blocks, part.expected_items) == ({1}, 6)
    assert longer.of_blocks({1, 2, 3}) is longer


def test_a_block_that_was_not_measured_cannot_be_had() -> None:
    with pytest.raises(BundleError, match=r"covers the blocks \[1\] .* not \[2\]"):
        _in_blocks(b1=[0]).of_blocks({1, 2})


def test_joined_evidence_keeps_what_each_block_was_first_measured_as() -> None:
    short = _in_blocks(b1=[0, 1])
    again = _in_blocks(b1=[0, 1], b2=[2])
    worse = tuple(replace(row, word_errors=9) for row in again.rows)
    joined = short.joined(replace(again, rows=worse))
    assert joined.blocks == {1, 2}
    assert [row.word_errors for row in joined.rows] == [0] * 6 + [9] * 3
    assert evidence_from_json(joined.as_json(), where="here") == joined


def test_evidence_of_two_voices_is_not_joined() -> None:
    other = replace(_in_blocks(b2=[2]), model={"checkpoint": "x", "digest": "d" * 64})
    with pytest.raises(BundleError, match="cannot be joined"):
        _in_blocks(b1=[0]).joined(other)


def test_early_evidence_covers_the_first_block() -> None:
    assert make_evidence().blocks == {1}
