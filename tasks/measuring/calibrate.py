"""`calibrate`: measure how far two evaluations of one voice lie apart, and commit the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from tasks.measuring.setup import build_evaluation, build_instruments, open_executor
from tasks.measuring.takes import FIRST_TAKE, choose_voice, measure_takes
from tasks.measuring.thresholds import build_thresholds, calibration_path, takes_path
from voxgate.evaluation.evidence import Evidence
from voxgate.evaluation.protocol import Instruments
from voxgate.evaluation.summary import summarise
from voxgate.evaluation.synthesis import Speaker
from voxgate.files import write_json
from voxgate.gate.calibrated import bind
from voxgate.gate.calibration import Calibration
from voxgate.gate.noise import judge_pairs, measure_noise, relative_errors
from voxgate.gate.thresholds import Thresholds
from voxgate.params import Params
from voxgate.stage import Workspace

__all__ = ["AA_SEED", "TAKES", "calibrate", "calibrated"]

TAKES = 8
"""Takes a prompt: two disjoint sets of three, and two that make the sets differ more."""

NOISE_RUNS = 1000
JUDGED_RUNS = 100
AA_SEED = 20261125
"""Of the draws of takes; the runs that are judged are other draws than those measured."""


def calibrate(
    workspace: Workspace,
    params: Params,
    *,
    now: datetime,
    command: str,
    takes: int = TAKES,
    voice: Path | None = None,
    instruments: Instruments | None = None,
    load_voice: Callable[[Path], Speaker] | None = None,
) -> Calibration:
    """Write the record of the benchmark's language, and beside it the takes that it was drawn from.

    Args:
        workspace: the checkout; build/ frames the scores.
        params: instruments, seeds a prompt, and the rules of the gate.
        now: when the record is made.
        command: how it was asked for; kept in the record.
        takes: samples a prompt.
        voice: a voice package; None is the checkpoint that `evaluate` chose.
        instruments: None builds them as params.yaml says.
        load_voice: opens a voice package.

    Raises:
        StageError: an earlier stage has not run, or there is no voice.
        GateError: too few takes.
        EvaluatorError: the self-test failed, or a take could not be measured.
    """
    chosen = choose_voice(workspace, voice)
    with open_executor() as executor:
        evaluation = build_evaluation(
            workspace,
            params.evaluate,
            instruments or build_instruments(params.evaluate, executor=executor),
            executor=executor,
            checkpoints=[chosen],
            load_voice=load_voice,
        )
        measured = measure_takes(workspace, params.evaluate, evaluation, chosen, takes=takes)
    record = calibrated(
        measured.evidence,
        build_thresholds(workspace, params),
        measured_at=now.isoformat(timespec="seconds"),
        command=command,
    )
    # The takes first: a record is never newer than what it was drawn from.
    language = params.evaluate.language
    measured.evidence.write(takes_path(workspace, language))
    write_json(calibration_path(workspace, language), record.as_json())
    return record


def calibrated(
    evidence: Evidence, thresholds: Thresholds, *, measured_at: str, command: str
) -> Calibration:
    """Return the record of these takes, and how often the voice then passes against itself."""
    record = bind(
        measure_noise(evidence, thresholds, runs=NOISE_RUNS, seed=AA_SEED),
        evidence,
        thresholds,
        measured_at=measured_at,
        command=command,
    )
    outcome = judge_pairs(evidence, thresholds, record, runs=JUDGED_RUNS, seed=AA_SEED + 1)
    summary = summarise(evidence.rows)
    provenance: dict[str, Any] = {
        **record.provenance,
        "first_seed_index": FIRST_TAKE,
        "normaliser": evidence.protocol["normaliser"],
        "wer": summary.wer,
        "similarity": summary.similarity,
        "relative_errors_of_standard_errors": relative_errors(evidence),
        "judged": outcome.as_json(),
    }
    return replace(record, provenance=provenance)
