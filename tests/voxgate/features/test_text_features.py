from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.fakes.text_features import OrdinalFeatures
from tests.voxgate.features.test_speaker_vectors import clip
from voxgate.content_cache import ContentCache
from voxgate.errors import StageError
from voxgate.features.clip_features import ClipFeatures
from voxgate.features.text_features import (
    compute_text_features,
    read_text_features,
    write_text_features,
)
from voxgate.text.phonemes import SpokenSpan
from voxgate.voice.text_features import CharacterFeatures


def spoken(name: str, *texts: str) -> ClipFeatures:
    """Return a clip whose Chinese spans follow each other, a character two phones."""
    spans, first = [], 0
    for text in texts:
        counts = (2,) * len(text)
        spans.append(
            SpokenSpan(
                language="zh",
                text=text,
                first_phone=first,
                phone_count=sum(counts),
                phones_per_character=counts,
            )
        )
        first += sum(counts) + 1
    return ClipFeatures(
        clip=clip(name), phones=(1,) * 9, tokens=(1,), guessed_words=(), chinese=tuple(spans)
    )


def rows(*ordinals: int) -> CharacterFeatures:
    places = [[2 * at, 2] for at in range(len(ordinals))]
    return CharacterFeatures(
        np.array(ordinals, dtype=np.float16)[:, None], np.array(places, dtype=np.int32)
    )


def test_a_text_is_computed_once(tmp_path: Path) -> None:
    source, cache = OrdinalFeatures(), ContentCache(tmp_path, "featurize")
    clips = [spoken("a", "你好", "吗"), spoken("b"), spoken("c", "你好")]

    found = compute_text_features(clips, source=source, channels=3, cache=cache)
    assert found.keys() == {"a", "c"}
    assert found["a"].places.tolist() == [[0, 2], [2, 2], [5, 2]]
    assert source.asked == ["你好", "吗"]
    again = compute_text_features(clips, source=source, channels=3, cache=cache)
    assert np.array_equal(again["c"].rows, found["c"].rows)
    assert source.asked == ["你好", "吗"]

    other = OrdinalFeatures(sha256="c" * 64)
    compute_text_features(clips, source=other, channels=3, cache=cache)
    assert other.asked == ["你好", "吗"]


def test_each_clip_finds_its_characters_again(tmp_path: Path) -> None:
    write_text_features(tmp_path, [None, rows(1, 2), None, rows(3), None])
    found = read_text_features(tmp_path, 5)
    assert [None if each is None else each.rows[:, 0].tolist() for each in found] == [
        None, [1, 2], None, [3], None
    ]  # fmt: skip
    assert found[1] is not None
    assert found[1].places.tolist() == [[0, 2], [2, 2]]
    assert (tmp_path / "text_features.npy").stat().st_size < 200  # a character, not a phone


def test_features_without_chinese_have_no_files(tmp_path: Path) -> None:
    assert read_text_features(tmp_path, 2) == [None, None]


def test_files_of_other_clips_are_refused(tmp_path: Path) -> None:
    write_text_features(tmp_path, [rows(1), rows(2)])
    with pytest.raises(StageError, match=r"do not belong to the 1 clips of clips\.parquet"):
        read_text_features(tmp_path, 1)
    np.save(tmp_path / "text_features.npy", np.zeros((3, 1), dtype=np.float16))
    with pytest.raises(StageError, match="its 3 rows and the 2 of"):
        read_text_features(tmp_path, 2)
