"""Let one voice speak the gate's prompts again and again: what A/A runs are drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tasks.measuring.evidence import build_evidence
from voxgate.errors import EvaluatorError, GateError, StageError
from voxgate.evaluation.checkpoints import Checkpoint, read_checkpoint
from voxgate.evaluation.evaluation import Evaluation, Findings, failed_self_test
from voxgate.evaluation.evidence import Evidence
from voxgate.evaluation.frame import Frame
from voxgate.evaluation.plan import plan_items
from voxgate.evaluation.scoring import ScoredSample
from voxgate.evaluation.selection import Candidate
from voxgate.files import read_json
from voxgate.params import EvaluateParams
from voxgate.stage import Workspace

__all__ = ["FIRST_TAKE", "Takes", "choose_voice", "measure_takes"]

FIRST_TAKE = 1000
"""Seeds of takes are hashed from indices that no evaluation uses, so that the noise of a voice is
not measured on the very samples that are judged."""


@dataclass(frozen=True, kw_only=True)
class Takes:
    """The takes of one voice: `evidence` has all of them as rows, `samples` also their audio."""

    voice: Checkpoint
    frame: Frame
    evidence: Evidence
    samples: Sequence[ScoredSample]


def choose_voice(workspace: Workspace, folder: Path | None) -> Checkpoint:
    """Return the voice package in `folder`, or the one that `evaluate` chose.

    Raises:
        StageError: there is no package, or `evaluate` has chosen none.
    """
    if folder is not None:
        return read_checkpoint(folder)
    path = workspace.stage_dir("evaluate") / "checkpoints.json"
    chosen = read_json(path)["chosen"] if path.is_file() else None
    if chosen is None:
        raise StageError(
            f"{path} names no chosen checkpoint; run `voxgate run` first, or name a voice package "
            "with --voice"
        )
    return read_checkpoint(workspace.stage_dir("train") / "checkpoints" / chosen)


def measure_takes(
    workspace: Workspace,
    params: EvaluateParams,
    evaluation: Evaluation,
    voice: Checkpoint,
    *,
    takes: int,
) -> Takes:
    """Test the instruments, then let `voice` speak the first look's prompts `takes` times each.

    Raises:
        GateError: two disjoint sets of `evaluate.gate_seeds` takes cannot be drawn from so few.
        EvaluatorError: the instruments failed their self-test, or a take could not be measured.
    """
    needed = 2 * params.gate_seeds
    if takes < needed:
        raise GateError(
            f"{takes} takes a prompt: an A/A run compares two disjoint sets of "
            f"{params.gate_seeds} (evaluate.gate_seeds); expected at least {needed}"
        )
    self_test = evaluation.test_instruments()
    if not self_test.passed:
        raise EvaluatorError(failed_self_test(self_test).message)
    frame = evaluation.measure_frame()
    items = plan_items(evaluation.gate_prompts, seeds=takes, first=FIRST_TAKE)
    samples = evaluation.scorer(frame).score_voice(
        evaluation.load_voice(voice.folder), items, model_digest=voice.digest
    )
    faulty = [sample.score for sample in samples if sample.score.fault is not None]
    if faulty:
        raise EvaluatorError(
            f"{len(faulty)} of {len(samples)} takes could not be measured; the first, "
            f"{faulty[0].prompt_id}: {faulty[0].fault}. Repair the cause and run again: what was "
            "measured is kept"
        )
    rows = tuple(sample.score for sample in samples)
    chosen = Candidate(name=voice.name, step=voice.step, model_digest=voice.digest, rows=rows)
    findings = Findings(
        self_test=self_test,
        frame=frame,
        candidates=(chosen,),
        chosen=chosen,
        samples={("gate", voice.name): samples},
    )
    return Takes(
        voice=voice,
        frame=frame,
        evidence=build_evidence(workspace, params, evaluation, findings),
        samples=samples,
    )
