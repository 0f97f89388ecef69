"""Figures for control charts: in standard errors, positive where the voice got worse."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.evidence import make_calibration, make_evidence, noisy_rows
from voxgate.evaluation.evidence import Evidence
from voxgate.gate.arm import Arm, build_arm
from voxgate.gate.deviations import find_deviations, find_worst
from voxgate.gate.sound_arm import SoundArm, build_sound_arm

CALIBRATION = make_calibration(wer_standard_error=0.01, similarity_standard_error=0.01)
ROW = noisy_rows(1)


def arms(evidence: Evidence) -> tuple[Arm, SoundArm]:
    return build_arm(evidence, similarity_floor=0.7), build_sound_arm(evidence, ranges={})


def evidence(**changes: Any) -> Evidence:
    return make_evidence(row=lambda p, k: {**ROW(p, k), **changes})


RELEASE = arms(make_evidence(row=ROW))


def test_the_release_beside_itself_deviates_by_nothing() -> None:
    found = find_deviations(RELEASE, RELEASE, CALIBRATION)
    assert abs(found.pop("catastrophes")) < 1
    assert set(found) >= {"wer", "similarity", "similarity_low", "quality"}
    assert set(found.values()) == {0.0}
    assert find_worst(RELEASE[0], RELEASE[0]) == []


def test_what_got_worse_is_positive_in_its_own_standard_errors() -> None:
    sound = {**ROW(0, 0)["sound"], "quality": 1.0, "outside_db": -1.0}
    today = arms(evidence(word_errors=5, similarity=0.5, sound=sound, catastrophes=("high_wer",)))
    found = find_deviations(today, RELEASE, CALIBRATION)
    lost = int(today[0].word_errors.sum()) - int(RELEASE[0].word_errors.sum())
    assert found["wer"] == pytest.approx(lost / int(RELEASE[0].ref_words.sum()) / 0.01, abs=1e-3)
    assert all(found[name] > 10 for name in ("similarity", "quality", "outside_db", "catastrophes"))
    assert "pace" not in found  # neither way is worse by itself


def test_the_prompts_that_lost_most_are_named_first() -> None:
    row = noisy_rows(1)
    today = make_evidence(
        row=lambda p, k: {**row(p, k), "word_errors": {7: 9, 3: 6}.get(p, row(p, k)["word_errors"])}
    )
    worst = find_worst(arms(today)[0], RELEASE[0])
    assert [entry["prompt"] for entry in worst] == ["p007", "p003"]
    assert worst[0]["word_errors"] == 27
