from __future__ import annotations

from pathlib import Path

from tasks.measuring.thresholds import build_thresholds
from tests.fakes.evaluation_workspace import PROMPTS, EvaluationWorkspace, params_for, prompt_id


def test_thresholds_hold_what_params_and_benchmark_say(tmp_path: Path) -> None:
    site = EvaluationWorkspace(tmp_path)
    thresholds = build_thresholds(site.workspace, params_for(site))
    assert thresholds.prompts == tuple(sorted(prompt_id(text) for text in PROMPTS["gate"]))
    assert thresholds.seeds == 3
    assert thresholds.weights == {"transcriber": "f" * 64, "speaker_encoder": "e" * 64}
    assert thresholds.max_wer == site.params.gate.max_wer
