from __future__ import annotations

from pathlib import Path

import pytest

from tasks.measuring.thresholds import (
    build_thresholds,
    calibration_path,
    read_calibration,
    takes_path,
)
from tests.fakes.contest import BLOCK, Contest
from tests.fakes.evaluation_workspace import PROMPTS, EvaluationWorkspace, params_for, prompt_id
from tests.fakes.release_site import ReleaseSite


def test_thresholds_hold_what_params_and_benchmark_say(tmp_path: Path) -> None:
    site = EvaluationWorkspace(tmp_path)
    thresholds = build_thresholds(site.workspace, params_for(site))
    assert thresholds.prompts == tuple(sorted(prompt_id(text) for text in PROMPTS["gate"]))
    assert thresholds.seeds == 3
    assert thresholds.weights == {"transcriber": "f" * 64, "speaker_encoder": "e" * 64}
    assert thresholds.max_wer == site.params.gate.max_wer


def test_there_are_no_more_looks_than_blocks_of_prompts(tmp_path: Path) -> None:
    site = EvaluationWorkspace(tmp_path)
    thresholds = build_thresholds(site.workspace, params_for(site, max_looks=3), look=1)
    assert (thresholds.max_looks, thresholds.confidence_at_look) == (1, 0.95)


@pytest.mark.parametrize(("candidate", "first"), [(1, 1), (4, 1), (5, 2), (12, 3), (13, 1)])
def test_after_so_many_candidates_the_first_look_is_at_a_fresh_block(
    release_site: ReleaseSite, candidate: int, first: int
) -> None:
    contest = Contest(release_site)
    workspace = release_site.desk.workspace
    thresholds = build_thresholds(workspace, contest.params, candidate=candidate)
    assert (thresholds.first_block, len(thresholds.prompts)) == (first, BLOCK)
    assert thresholds.prompts[0] == f"p{BLOCK * (first - 1):03d}"
    second = build_thresholds(workspace, contest.params, candidate=candidate, look=2)
    assert len(second.prompts) == 2 * BLOCK
    assert set(thresholds.prompts) < set(second.prompts)


def test_no_look_takes_more_prompts_than_are_allowed(release_site: ReleaseSite) -> None:
    contest = Contest(release_site)
    gate = contest.params.gate.model_copy(update={"max_prompts": 2 * BLOCK})
    params = contest.params.model_copy(update={"gate": gate})
    assert build_thresholds(release_site.desk.workspace, params).max_looks == 2


def test_each_language_has_a_calibration_record_of_its_own(tmp_path: Path) -> None:
    site = EvaluationWorkspace(tmp_path)
    found = [
        path(site.workspace, language).name
        for language in ("en", "zh")
        for path in (calibration_path, takes_path)
    ]
    assert found == [
        "calibration.json", "calibration_takes.json",
        "calibration.zh.json", "calibration_takes.zh.json",
    ]  # fmt: skip
    assert read_calibration(site.workspace, "zh") is None
