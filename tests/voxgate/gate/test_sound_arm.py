from typing import Any

from tests.fakes.evidence import SOUND, make_evidence
from voxgate.gate.arm import MICRO
from voxgate.gate.sound_arm import SOUND_FIGURES, build_sound_arm
from voxgate.gate.sound_limits import Range

PACE, CRITICAL = SOUND_FIGURES.index("pace"), SOUND_FIGURES.index("critical")
PLAIN = {name: mean for name, (mean, *_) in SOUND.items()}


def row(prompt: int, k: int) -> dict[str, Any]:
    pace = None if (prompt, k) == (0, 0) else 10.0 + prompt + k / 1000
    return {"sound": {**PLAIN, "pace": pace}, "critical_errors": k % 2, "critical_words": 2}


def test_sums_are_whole_numbers_and_what_has_no_value_is_not_counted() -> None:
    arm = build_sound_arm(make_evidence(row=row), ranges={})
    assert arm.sums[PACE, :2].tolist() == [20_003_000, 33_003_000]
    assert arm.counts[PACE, :2].tolist() == [2, 3]
    assert (arm.valued("pace"), arm.valued("tail_s"), arm.samples) == (179, 180, 180)
    assert arm.points["tail_s"] == PLAIN["tail_s"]


def test_critical_words_are_counted_beside_the_measures() -> None:
    arm = build_sound_arm(make_evidence(row=row), ranges={})
    assert arm.sums[CRITICAL, :2].tolist() == [MICRO, MICRO]
    assert arm.counts[CRITICAL, :2].tolist() == [6, 6]
    assert arm.points["critical"] == 1 / 6


def test_a_prompt_is_flagged_by_its_worst_sample() -> None:
    evidence = make_evidence(row=row)
    arm = build_sound_arm(evidence, ranges={"pace": Range(low=11.0005, high=68.0015)})
    flagged = [prompt for prompt, flag in zip(arm.prompts, arm.with_outlier, strict=True) if flag]
    assert flagged == ["p000", "p001", "p058", "p059"]
    assert arm.outliers[PACE].sum() == arm.outliers.sum() == 4


def test_evidence_without_any_sound_has_no_figures() -> None:
    older = {"sound": {}, "critical_errors": None, "critical_words": None}
    arm = build_sound_arm(make_evidence(row=lambda _p, _k: older), ranges={})
    assert arm.points == {}
    assert not arm.with_outlier.any()


def test_prompts_restrict_the_rows() -> None:
    arm = build_sound_arm(make_evidence(row=row), ranges={}, prompts={"p003", "p001"})
    assert (arm.prompts, arm.samples) == (("p001", "p003"), 6)
