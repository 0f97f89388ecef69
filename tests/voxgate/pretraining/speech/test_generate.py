from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from tests.voxgate.pretraining.conftest import ToneTeacher
from voxgate import files
from voxgate.errors import ConfigError, StorageError
from voxgate.pretraining.speech import sentences as module_sentences
from voxgate.pretraining.speech import shards
from voxgate.pretraining.speech.generate import ITEMS_PER_SHARD, Plan, generate, overlap, plan_item
from voxgate.pretraining.speech.sentences import normalise
from voxgate.pretraining.speech.shards import load_wave, read_items, shard_numbers
from voxgate.pretraining.speech.teacher import VOICES

ONE_SHARD_H = 0.005
TWO_SHARDS_H = 0.014


def test_every_run_of_28_items_has_all_voices() -> None:
    voices = [plan_item(Plan(), index)[0] for index in range(3 * len(VOICES))]
    assert set(Counter(voices).values()) == {3}
    assert voices[:28] != voices[28:56]
    assert ITEMS_PER_SHARD % len(VOICES) == 0


def test_speeds_spread_over_the_plan_s_range() -> None:
    speeds = [plan_item(Plan(), index)[1] for index in range(500)]
    assert min(speeds) >= 0.9
    assert max(speeds) <= 1.1
    assert np.std(speeds) > 0.04


def test_the_audio_of_an_item_is_what_the_teacher_read(tmp_path: Path) -> None:
    teacher = ToneTeacher()
    hours = generate(tmp_path, lambda: teacher, hours=ONE_SHARD_H)
    items = list(read_items(tmp_path))
    assert hours == pytest.approx(sum(item.duration_s for item in items) / 3600)
    assert len(items) == ITEMS_PER_SHARD
    item = items[17]
    again = ToneTeacher().read(item.text, voice=item.voice, speed=item.speed)
    np.testing.assert_allclose(load_wave(tmp_path, item), again.wave, atol=1 / 32768)


def test_two_runs_make_the_same_shards(tmp_path: Path) -> None:
    for name in ("a", "b"):
        generate(tmp_path / name, ToneTeacher, hours=ONE_SHARD_H)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_a_second_run_makes_nothing_again(tmp_path: Path, teacher: ToneTeacher) -> None:
    generate(tmp_path, ToneTeacher, hours=ONE_SHARD_H)
    generate(tmp_path, lambda: teacher, hours=ONE_SHARD_H)
    assert not teacher.readings
    generate(tmp_path, lambda: teacher, hours=TWO_SHARDS_H)
    assert len(teacher.readings) == ITEMS_PER_SHARD


def test_a_killed_run_loses_its_unfinished_shard_only(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        generate(
            tmp_path / "killed",
            lambda: ToneTeacher(fail_after=ITEMS_PER_SHARD + 5),
            hours=TWO_SHARDS_H,
        )
    assert shard_numbers(tmp_path / "killed") == [0]
    generate(tmp_path / "killed", ToneTeacher, hours=TWO_SHARDS_H)
    generate(tmp_path / "whole", ToneTeacher, hours=TWO_SHARDS_H)
    assert _content(tmp_path / "killed") == _content(tmp_path / "whole")


def test_a_crash_between_audio_and_index_leaves_no_shard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_path: Path, _text: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(shards, "write_text", crash)
        with pytest.raises(KeyboardInterrupt):
            generate(tmp_path, ToneTeacher, hours=ONE_SHARD_H)
    assert (tmp_path / "000000.flac").exists()
    assert shard_numbers(tmp_path) == []
    generate(tmp_path, ToneTeacher, hours=ONE_SHARD_H)
    assert shard_numbers(tmp_path) == [0]


def test_a_full_disk_leaves_no_half_written_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    generate(tmp_path, ToneTeacher, hours=ONE_SHARD_H)
    before = _content(tmp_path)
    monkeypatch.setattr(files, "_flush", full)
    items = list(read_items(tmp_path))[:1]
    with pytest.raises(StorageError, match="No space left"):
        shards.write_shard(tmp_path, items, [load_wave(tmp_path, items[0])])
    assert _content(tmp_path) == before


def test_workers_share_the_shards(tmp_path: Path) -> None:
    generate(tmp_path / "two", ToneTeacher, hours=TWO_SHARDS_H, workers=2)
    numbers = shard_numbers(tmp_path / "two")
    assert {0, 1} <= set(numbers)
    ids = [item.item_id for item in read_items(tmp_path / "two")]
    assert len(set(ids)) == len(ids)


def test_a_refused_text_is_left_out_and_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, teacher: ToneTeacher
) -> None:
    generate(tmp_path / "all", lambda: teacher, hours=ONE_SHARD_H)
    refused = teacher.readings[3][0]
    generate(
        tmp_path / "some", lambda: ToneTeacher(refused=frozenset({refused})), hours=ONE_SHARD_H
    )
    assert 3 not in [item.item_id for item in read_items(tmp_path / "some")]
    assert "item 3 left out" in caplog.text


def test_excluded_texts_are_never_read(tmp_path: Path, teacher: ToneTeacher) -> None:
    generate(tmp_path / "free", lambda: teacher, hours=ONE_SHARD_H)
    excluded = {normalise(teacher.readings[0][0]), normalise(teacher.readings[9][0])}
    generate(tmp_path / "bound", ToneTeacher, hours=ONE_SHARD_H, excluded=excluded)
    assert overlap(tmp_path / "free", excluded) == [0, 9]
    assert overlap(tmp_path / "bound", excluded) == []


def test_a_late_exclusion_is_reported(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, teacher: ToneTeacher
) -> None:
    generate(tmp_path, lambda: teacher, hours=ONE_SHARD_H)
    late = {normalise(teacher.readings[0][0])}
    generate(tmp_path, ToneTeacher, hours=ONE_SHARD_H, excluded=late)
    assert "1 texts made earlier are now excluded" in caplog.text


def test_another_plan_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    generate(tmp_path, ToneTeacher, hours=ONE_SHARD_H)
    with pytest.raises(ConfigError, match="use another folder"):
        generate(tmp_path, ToneTeacher, hours=ONE_SHARD_H, plan=Plan(seed=2))


def test_edited_templates_in_the_same_folder_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate(tmp_path, ToneTeacher, hours=ONE_SHARD_H)
    table = module_sentences._templates()
    monkeypatch.setattr(
        module_sentences, "_templates", lambda: {**table, "plain": ("Only {noun} and {noun}.",)}
    )
    with pytest.raises(ConfigError, match="use another folder"):
        generate(tmp_path, ToneTeacher, hours=ONE_SHARD_H)


def _content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
