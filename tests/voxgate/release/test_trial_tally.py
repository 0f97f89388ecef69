from __future__ import annotations

import pytest

from voxgate.release.trial_tally import Counts, Share, TrialTally


def test_sums_of_several_writers_are_added_by_share() -> None:
    one = Counts(answers=3, faulty=1, failed=1, timed=2, first_audio_s=0.5)
    tally = TrialTally.sum([(Share.LIVE, one), (Share.CANARY, one), (Share.LIVE, one)])
    assert tally.of(Share.LIVE) == Counts(answers=6, faulty=2, failed=2, timed=4, first_audio_s=1.0)
    assert (tally.of(Share.CANARY), tally.of(Share.SHADOW)) == (one, Counts())


def test_means_are_of_what_was_measured_alone() -> None:
    counts = Counts(answers=9, timed=4, first_audio_s=1.0, compared=2, level_difference_db=-3.0)
    assert counts.mean_first_audio_s == 0.25
    assert counts.mean_level_difference_db == -1.5
    assert counts.duration_ratio == pytest.approx(1.0)
    nothing = Counts(answers=9)
    assert (nothing.mean_first_audio_s, nothing.duration_ratio) == (None, None)


def test_counts_come_back_from_json_also_those_of_another_voxgate() -> None:
    counts = Counts(answers=3, log_duration_ratio=0.25)
    assert Counts.from_json(counts.as_json()) == counts
    assert Counts.from_json({"answers": 3, "whistles": 2}) == Counts(answers=3)
