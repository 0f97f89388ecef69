"""`evaluate`: let the checkpoints speak, choose one, and measure it on the gate's prompts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tasks.measuring.evidence import build_evidence
from tasks.measuring.setup import build_evaluation, build_instruments, open_executor
from voxgate.evaluation.evaluation import Evaluation, Findings
from voxgate.evaluation.evidence import Evidence
from voxgate.evaluation.protocol import Normaliser
from voxgate.evaluation.records import score_rows, timings, write_audio, write_scores
from voxgate.evaluation.report import render_report, report_metrics
from voxgate.evaluation.synthesis import Speaker
from voxgate.files import publish_directory, write_json, write_text
from voxgate.params import Params
from voxgate.ports import QualityPredictor, SpeakerEncoder, Transcriber
from voxgate.stage import Outcome, Workspace, require_accepted
from voxgate.text.counting_units import WORD

__all__ = ["evaluate"]


def evaluate(
    workspace: Workspace,
    params: Params,
    *,
    transcriber: Transcriber | None = None,
    encoder: SpeakerEncoder | None = None,
    normaliser: Normaliser | None = None,
    quality: QualityPredictor | None = None,
    load_voice: Callable[[Path], Speaker] | None = None,
) -> Outcome:
    """Write build/evaluate; what is not handed in is built as params.yaml says.

    It is loaded by the workers of the settings' executor, and the evidence is the same under each.

    The stage refuses when nothing could be measured: the instruments failed their self-test, or
    no checkpoint could be measured completely. Single unmeasured samples do not refuse; they are
    in the evidence and hold the gate.

    Raises:
        WeightsError: an instrument is absent or not the pinned one.
        ConfigError: the benchmark is broken.
        StageError: an earlier stage has not run.
        RefusalError: an earlier stage refused.
    """
    require_accepted(workspace, ["ingest", "validate", "featurize", "train"])
    with open_executor() as executor:
        instruments = build_instruments(
            params.evaluate,
            executor=executor,
            transcriber=transcriber,
            encoder=encoder,
            normaliser=normaliser,
            quality=quality,
        )
        evaluation = build_evaluation(
            workspace, params.evaluate, instruments, executor=executor, load_voice=load_voice
        )
        findings = evaluation.run()
        evidence = build_evidence(workspace, params.evaluate, evaluation, findings)
    folder = workspace.stage_dir("evaluate")
    outcome = _outcome(evidence, findings)
    with publish_directory(folder) as temporary:
        _write(temporary, evaluation, findings, evidence)
        outcome.write(temporary)
    return outcome


def _outcome(evidence: Evidence, findings: Findings) -> Outcome:
    metrics = report_metrics(evidence)
    return Outcome(
        stage="evaluate",
        accepted=findings.refusal is None,
        reasons=() if findings.refusal is None else (findings.refusal,),
        facts={
            "chosen": evidence.model["checkpoint"],
            "expected_items": evidence.expected_items,
            "evaluated_items": evidence.evaluated_items,
            **{name: metrics[name] for name in ("wer", "cer", "similarity")},
        },
    )


def _write(folder: Path, evaluation: Evaluation, findings: Findings, evidence: Evidence) -> None:
    prompts = {prompt.id: prompt for prompt in evaluation.benchmark.prompts}
    rows = [
        row
        for (split, name), samples in findings.samples.items()
        for row in score_rows(samples, prompts, split=split, checkpoint=name)
    ]
    write_scores(folder / "scores.parquet", rows)
    write_audio(folder / "audio", findings.gate_samples)
    unit = {} if evidence.unit is WORD else {"unit": evidence.unit.code}
    write_json(folder / "checkpoints.json", {"schema": 1, **evidence.selection, **unit})
    write_json(folder / "timings.json", timings(findings.samples))
    write_json(folder / "report.json", report_metrics(evidence))
    write_text(folder / "report.md", render_report(evidence))
    evidence.write(folder / "evidence.json")
