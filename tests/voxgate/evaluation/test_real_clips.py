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
