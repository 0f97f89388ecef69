from __future__ import annotations

from voxgate.audio.shards import Place
from voxgate.evaluation.small_data import describe_small_data
from voxgate.features.featurised_clips import CutClip

SIZE = {"name": "minute", "clips": 4, "seconds": 16.0, "budget": 0.5}


def clip(text: str, split: str = "train") -> CutClip:
    return CutClip(
        clip_id=text,
        recording_id=text,
        speaker_id="ada",
        language="en",
        split=split,
        text=text,
        duration_s=4.0,
        place=Place(0, 0, 64_000),
    )


def test_only_what_was_trained_on_is_an_example() -> None:
    found = describe_small_data(
        SIZE,
        [
            clip("Is this the one? "),
            clip("It is."),
            clip("Who is held out?", "centroid"),
            clip("Who else?", "validation"),
        ],
    )
    assert found == {**SIZE, "train_seconds": 8.0, "train_words": [2, 4], "train_questions": 1}


def test_of_enough_data_nothing_is_said() -> None:
    assert describe_small_data(SIZE | {"name": "hour"}, [clip("It is.")]) is None
    assert describe_small_data(None, [clip("It is.")]) is None
