from pathlib import Path

import pytest

from voxgate.corpus.data_size import find_lacks, find_size, is_small
from voxgate.params import load_params

SIZES = load_params(Path(__file__).resolve().parents[3] / "params.yaml").sizes


@pytest.mark.parametrize(
    ("clips", "seconds", "name"),
    [
        (5, 40.0, "minute"),
        (18, 70.9, "minute"),
        (39, 1000.0, "minute"),
        (40, 300.0, "ten_minutes"),
        (99, 2000.0, "ten_minutes"),
        (100, 900.0, "hour"),
        (315, 984.0, "hour"),
        (5000, 36000.0, "hour"),
    ],
)
def test_a_size_takes_both_clips_and_seconds(clips: int, seconds: float, name: str) -> None:
    size = find_size([seconds / clips] * clips, SIZES)
    assert size is not None
    assert (size.name, size.clips) == (name, clips)
    assert size.rules == getattr(SIZES, name)
    assert is_small(size.name) is (name != "hour")


def test_below_the_smallest_it_says_what_is_there_and_what_is_needed() -> None:
    few = [8.0] * 4
    assert find_size(few, SIZES) is None
    reasons = {reason.code: reason.message for reason in find_lacks(few, SIZES)}
    assert reasons.keys() == {"too_few_clips", "too_little_audio"}
    assert "expected at least 5 clips" in reasons["too_few_clips"]
    assert "expected at least 40 s" in reasons["too_little_audio"]
    assert all("got 4 of 32.0 s together" in message for message in reasons.values())


@pytest.mark.parametrize(
    ("durations_s", "code"), [([20.0] * 4, "too_few_clips"), ([2.0] * 9, "too_little_audio")]
)
def test_what_is_not_missing_is_not_asked_for(durations_s: list[float], code: str) -> None:
    assert [reason.code for reason in find_lacks(durations_s, SIZES)] == [code]


def test_enough_lacks_nothing() -> None:
    assert find_lacks([8.0] * 5, SIZES) == []
