from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.fakes.clips import featurised_clip
from voxgate.audio.shards import ShardWriter
from voxgate.errors import EvaluatorError
from voxgate.evaluation.benchmark import Prompt
from voxgate.evaluation.real_clips import expected_durations, read_recordings, speaking_rate
from voxgate.features.featurised_clips import write_featurised

TEXT = "The line is open"
PROMPT = Prompt(id="p", split="gate", prompt_class="plain", text=TEXT, normalised=TEXT, words=4)


def test_expected_durations_follow_the_speaker() -> None:
    rate = speaking_rate([("ten letters", 1.0), ("ten letters", 1.0)])
    assert rate == 10.0
    assert expected_durations([PROMPT], letters_per_s=rate) == {"p": 1.3}
    with pytest.raises(EvaluatorError, match="no real clips with text"):
        speaking_rate([])


def table(folder: Path, clips: list[tuple[str, str]]) -> None:
    """Write clips of half a second by language and split."""
    rows = []
    with ShardWriter(folder / "audio") as shards:
        for number, (language, split) in enumerate(clips):
            place = shards.add(np.full(8000, number + 1, dtype=np.int16))
            rows.append(
                featurised_clip(f"c{number}", place, split=split, language=language, text="ten")
            )
    write_featurised(folder, rows)


def read(folder: Path, language: str | None) -> list[tuple[str, str]]:
    found = read_recordings(folder, train_clips=9, min_train_clip_s=0.1, language=language)
    return sorted((clip.language, clip.role) for clip in found.clips)


def test_recordings_in_the_language_are_read_and_all_that_define_the_speaker(
    tmp_path: Path,
) -> None:
    both = [("zh", "centroid"), ("zh", "train"), ("en", "centroid"), ("en", "train")]
    table(tmp_path, both)
    assert read(tmp_path, "zh") == [("en", "centroid"), ("zh", "centroid"), ("zh", "train")]
    assert read(tmp_path, None) == sorted(both)


def test_without_a_held_out_recording_in_the_language_all_are_read(tmp_path: Path) -> None:
    clips = [("zh", "centroid"), ("zh", "train"), ("en", "train")]
    table(tmp_path, clips)
    assert read(tmp_path, "en") == sorted(clips)


def drawn(folder: Path, count: int, *, most: int | None) -> list[str]:
    folder.mkdir()
    table(folder, [("en", "centroid")] * 2 + [("en", "validation")] * count + [("en", "train")])
    found = read_recordings(
        folder, train_clips=9, min_train_clip_s=0.1, language="en", validation_clips=most
    )
    assert [clip.role for clip in found.clips].count("centroid") == 2
    return [clip.clip_id for clip in found.clips if clip.role == "validation"]


def test_as_many_held_out_recordings_as_there_are_places_are_all_heard(tmp_path: Path) -> None:
    every = [f"c{n}" for n in range(2, 8)]
    assert drawn(tmp_path / "a", 6, most=None) == every
    assert drawn(tmp_path / "b", 6, most=6) == every
    assert drawn(tmp_path / "c", 6, most=500) == every


def test_of_more_those_are_heard_whom_a_digest_of_their_id_draws(tmp_path: Path) -> None:
    few, more = drawn(tmp_path / "few", 90, most=20), drawn(tmp_path / "more", 91, most=20)
    assert len(few) == len(more) == 20
    assert few == sorted(few)
    assert len(set(few) - set(more)) <= 1, "an added recording displaces one at most"
    numbers = [int(name[1:]) for name in few]
    assert max(numbers) > 60, "not the first ones"


def test_samples_become_a_wave_when_somebody_listens(tmp_path: Path) -> None:
    table(tmp_path, [("en", "centroid"), ("en", "train")])
    (clip,) = read_recordings(tmp_path, train_clips=0, min_train_clip_s=1.0).clips
    assert clip.pcm.dtype == np.int16
    assert clip.wave.dtype == np.float32
    assert len(clip.wave) == 8000


def test_a_recording_of_another_rate_is_heard_at_16_khz(tmp_path: Path) -> None:
    with ShardWriter(tmp_path / "audio") as shards:
        place = shards.add(np.full(64_000, 900, dtype=np.int16))
    rows = [
        featurised_clip(f"c{n}", place, split=split, sample_rate_hz=32_000)
        for n, split in enumerate(("centroid", "train"))
    ]
    write_featurised(tmp_path, rows)
    (clip,) = read_recordings(tmp_path, train_clips=0, min_train_clip_s=1.0).clips
    assert len(clip.wave) == 32_000
    assert clip.is_long_enough
    assert clip.source == "c0:64000@32000"
