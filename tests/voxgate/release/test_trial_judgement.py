from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from voxgate.gate.criterion import Criterion, Ruling
from voxgate.release.trial_judgement import MIN_ANSWERS, find_trial_alarms, judge_trial
from voxgate.release.trial_tally import Counts, Share, TrialTally
from voxgate.release.trials import Trial

BOTH = Trial(
    number=7,
    version=3,
    against=2,
    canary_per_mille=20,
    shadow_per_mille=100,
    until=datetime(2026, 12, 5, tzinfo=UTC),
    by="anna",
    reason="does it hold up?",
)
GOOD = {
    Share.LIVE: Counts(answers=5000, faulty=10, timed=5000, late=20),
    Share.CANARY: Counts(answers=200, faulty=1, timed=200, late=1),
    Share.SHADOW: Counts(answers=500, alone=2, spared=3, compared=490, duration_off=12),
}


def rule(changed: dict[Share, Counts] | None = None, trial: Trial = BOTH) -> dict[str, Criterion]:
    criteria = judge_trial(trial, TrialTally(counts={**GOOD, **(changed or {})}))
    return {criterion.code: criterion for criterion in criteria}


def test_a_version_that_is_like_live_passes_every_question() -> None:
    assert {code: c.ruling for code, c in rule().items()} == dict.fromkeys(
        ["canary_faults", "canary_late", "shadow_faults", "shadow_duration", "shadow_level"],
        Ruling.PASS,
    )


@pytest.mark.parametrize(
    ("code", "share", "worse"),
    [
        ("canary_faults", Share.CANARY, {"faulty": 16}),
        ("canary_late", Share.CANARY, {"late": 16}),
        ("shadow_faults", Share.SHADOW, {"alone": 25}),
        ("shadow_duration", Share.SHADOW, {"duration_off": 90}),
        ("shadow_level", Share.SHADOW, {"level_off": 90}),
    ],
)
def test_each_question_is_answered_by_its_own_counts(
    code: str, share: Share, worse: dict[str, int]
) -> None:
    found = rule({share: replace(GOOD[share], **worse)})  # type: ignore[arg-type]  # counts alone
    assert [c for c, criterion in found.items() if criterion.ruling is Ruling.FAIL] == [code]


def test_live_that_is_as_bad_excuses_the_canary() -> None:
    bad = replace(GOOD[Share.CANARY], faulty=16)
    live = replace(GOOD[Share.LIVE], faulty=350)
    assert rule({Share.CANARY: bad, Share.LIVE: live})["canary_faults"].ruling is Ruling.PASS


def test_pairs_in_which_live_alone_is_faulty_speak_for_the_challenger() -> None:
    fair = replace(GOOD[Share.SHADOW], alone=25, spared=25)
    assert rule({Share.SHADOW: fair})["shadow_faults"].ruling is Ruling.PASS


def test_what_is_known_of_live_by_a_few_answers_proves_nothing() -> None:
    found = rule({Share.LIVE: Counts(answers=20), Share.CANARY: Counts(answers=100, faulty=40)})
    assert found["canary_faults"].ruling is Ruling.INCONCLUSIVE


def test_little_is_neither_good_nor_bad_and_a_disaster_needs_no_more() -> None:
    few = rule({Share.CANARY: Counts(answers=12, faulty=1)})["canary_faults"]
    assert few.ruling is Ruling.INCONCLUSIVE
    assert f"not enough yet, 12 of {MIN_ANSWERS}" in few.message
    all_bad = rule({Share.CANARY: Counts(answers=12, faulty=12)})["canary_faults"]
    assert all_bad.ruling is Ruling.FAIL


def test_without_live_answers_nothing_is_held_against_anybody() -> None:
    found = rule({Share.LIVE: Counts(), Share.CANARY: Counts(answers=300, faulty=300)})
    assert found["canary_faults"].ruling is Ruling.INCONCLUSIVE


def test_a_question_is_asked_where_there_is_a_share() -> None:
    assert not any(
        code.startswith("canary") for code in rule(trial=replace(BOTH, canary_per_mille=0))
    )
    assert not any(
        code.startswith("shadow") for code in rule(trial=replace(BOTH, shadow_per_mille=0))
    )


def test_an_alarm_has_the_figures_and_is_the_same_at_each_look() -> None:
    worse = {Share.CANARY: replace(GOOD[Share.CANARY], faulty=16)}
    criteria = tuple(rule(worse).values())
    (alarm,) = find_trial_alarms("voice", BOTH, criteria, stops=True)
    assert alarm.key == "voice.3.trial-7.canary_faults"
    assert "16 of 200 (8.00%), of live: 10 of 5000 (0.20%)" in alarm.text
    assert "was stopped" in alarm.text
    (told,) = find_trial_alarms("voice", BOTH, criteria, stops=False)
    assert told.key == alarm.key
    assert "`voxgate trial stop 3 --by YOU --reason WHY`" in told.text
