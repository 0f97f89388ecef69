from __future__ import annotations

import csv
from pathlib import Path

import pytest
import soundfile
import yaml

from tests.voxgate.pretraining.conftest import ToneTeacher
from voxgate.pretraining.speech.corpus_folder import write_corpus


def made(out: Path, teacher: ToneTeacher, minutes: float = 0.2) -> list[dict[str, str]]:
    found = write_corpus(out, teacher, language="zh", voice="zf_xiaoxiao", minutes=minutes)
    with (out / "metadata.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    lengths = [soundfile.info(out / row["path"]).duration for row in rows]
    assert found == pytest.approx(sum(lengths) / 60)
    assert found >= minutes
    return rows


def test_a_corpus_is_recordings_a_list_and_a_consent(tmp_path: Path) -> None:
    teacher = ToneTeacher(shortest_s=2.0)
    rows = made(tmp_path, teacher)
    assert [row["text"] for row in rows] == [text for text, _, _ in teacher.readings]
    assert {voice for _, voice, _ in teacher.readings} == {"zf_xiaoxiao"}
    consent = yaml.safe_load((tmp_path / "consent.yaml").read_text(encoding="utf-8"))
    assert consent["scope"] == "evaluation"
    assert "synthetic" in consent["statement"]


def test_what_was_read_is_not_read_again(tmp_path: Path) -> None:
    rows = made(tmp_path, ToneTeacher(shortest_s=2.0))
    again = ToneTeacher(shortest_s=2.0)
    assert made(tmp_path, again) == rows
    assert not again.readings
    more = made(tmp_path, again, minutes=0.4)
    assert more[: len(rows)] == rows
    assert len(again.readings) == len(more) - len(rows)


def test_a_killed_run_goes_on(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        made(tmp_path / "killed", ToneTeacher(shortest_s=2.0, fail_after=2))
    rows = made(tmp_path / "killed", ToneTeacher(shortest_s=2.0))
    assert rows == made(tmp_path / "whole", ToneTeacher(shortest_s=2.0))


def test_clips_too_short_for_a_voice_are_left_out(tmp_path: Path) -> None:
    rows = made(tmp_path, ToneTeacher(shortest_s=1.1))
    assert all(soundfile.info(tmp_path / row["path"]).duration >= 1.2 for row in rows)


def test_a_refused_text_is_left_out(tmp_path: Path) -> None:
    refused = made(tmp_path / "all", ToneTeacher(shortest_s=2.0))[1]["text"]
    rows = made(tmp_path / "some", ToneTeacher(shortest_s=2.0, refused=frozenset({refused})))
    assert refused not in [row["text"] for row in rows]
