"""`evaluate`: let the checkpoints speak, choose one, and measure it on the gate's prompts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from voxgate.evaluation.benchmark import load_benchmark
from voxgate.evaluation.caches import open_caches
from voxgate.evaluation.campaign import Campaign, Findings
from voxgate.evaluation.checkpoints import find_checkpoints
from voxgate.evaluation.code_version import INSTRUMENT_CODE, VOICE_CODE, code_digest
from voxgate.evaluation.data_suite import read_data_facts
from voxgate.evaluation.evidence import Evidence
from voxgate.evaluation.protocol import Instruments, Normaliser, ScoringRules
from voxgate.evaluation.real_clips import read_recordings
from voxgate.evaluation.records import score_rows, timings, write_audio, write_scores
from voxgate.evaluation.reference import MIN_SPEAKER_CLIP_S
from voxgate.evaluation.report import render_report, report_metrics
from voxgate.evaluation.selection import SELECTION_RULE
from voxgate.evaluation.self_test import SelfTestBounds
from voxgate.evaluation.speakers import known_clips_digest, load_known_clips
from voxgate.files import publish_directory, write_json, write_text
from voxgate.params import EvaluateParams, Params
from voxgate.ports import SpeakerEncoder, Transcriber, Voice
from voxgate.stage import Outcome, Workspace, require_accepted

__all__ = ["evaluate"]


def evaluate(
    workspace: Workspace,
    params: Params,
    *,
    transcriber: Transcriber | None = None,
    encoder: SpeakerEncoder | None = None,
    normaliser: Normaliser | None = None,
    load_voice: Callable[[Path], Voice] | None = None,
) -> Outcome:
    """Write build/evaluate; what is not handed in is built as params.yaml says.

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
    instruments = _instruments(params.evaluate, transcriber, encoder, normaliser)
    campaign = _campaign(workspace, params.evaluate, instruments, load_voice)
    findings = campaign.run()
    evidence = _evidence(workspace, params.evaluate, campaign, findings)
    folder = workspace.stage_dir("evaluate")
    outcome = _outcome(evidence, findings)
    with publish_directory(folder) as temporary:
        _write(temporary, campaign, findings, evidence)
        outcome.write(temporary)
    return outcome


def _instruments(
    params: EvaluateParams,
    transcriber: Transcriber | None,
    encoder: SpeakerEncoder | None,
    normaliser: Normaliser | None,
) -> Instruments:
    if transcriber is None or encoder is None or normaliser is None:
        from voxgate.settings import load_settings
        from voxgate.wiring import evaluators

        settings = load_settings()
        transcriber = transcriber or evaluators.build_recogniser(params, settings)
        encoder = encoder or evaluators.build_speaker_encoder(params, settings)
        normaliser = normaliser or evaluators.text_normaliser()
    return Instruments(
        transcriber=transcriber,
        encoder=encoder,
        normaliser=normaliser,
        batch_size=params.batch_size,
    )


def _campaign(
    workspace: Workspace,
    params: EvaluateParams,
    instruments: Instruments,
    load_voice: Callable[[Path], Voice] | None,
) -> Campaign:
    if load_voice is None:
        from voxgate.adapters.gpt_sovits_voice import load_voice as load_package

        load_voice = partial(load_package, threads=params.threads)
    benchmark = load_benchmark(workspace.benchmark_dir / params.prompts)
    return Campaign(
        benchmark=benchmark,
        seeds={"select": params.select_seeds, "gate": params.gate_seeds},
        instruments=instruments,
        rules=ScoringRules(
            language=benchmark.language,
            max_audio_ratio=params.max_audio_ratio,
            max_tokens_per_second=params.max_tokens_per_second,
            catastrophe_wer=params.catastrophe_wer,
            min_duration_ratio=params.min_duration_ratio,
            max_duration_ratio=params.max_duration_ratio,
            wrong_language_probability=params.wrong_language_probability,
        ),
        bounds=SelfTestBounds(**params.self_test.model_dump()),
        known_clips=load_known_clips(workspace.benchmark_dir / "speakers"),
        recordings=read_recordings(
            workspace.stage_dir("featurize"),
            train_clips=params.reference_clips,
            min_train_clip_s=MIN_SPEAKER_CLIP_S,
        ),
        checkpoints=find_checkpoints(workspace.stage_dir("train") / "checkpoints"),
        load_voice=load_voice,
        caches=open_caches(
            workspace.cache_dir,
            voice_code=code_digest(VOICE_CODE, threads=params.threads),
            instrument_code=code_digest(INSTRUMENT_CODE, threads=params.threads),
        ),
    )


def _evidence(
    workspace: Workspace, params: EvaluateParams, campaign: Campaign, findings: Findings
) -> Evidence:
    gate_prompts = campaign.benchmark.of_split("gate")
    reference, chosen = findings.reference, findings.chosen
    return Evidence(
        model={
            "checkpoint": None if chosen is None else chosen.name,
            "digest": None if chosen is None else chosen.model_digest,
        },
        data=read_data_facts(workspace),
        consent_scope=campaign.checkpoints[0].consent_scope,
        benchmark={
            "file": params.prompts,
            "language": campaign.benchmark.language,
            "digest": campaign.benchmark.digest,
            "known_clips_digest": known_clips_digest(campaign.known_clips),
            "gate_prompts": [prompt.id for prompt in gate_prompts],
            "gate_seeds": params.gate_seeds,
        },
        protocol=campaign.instruments.protocol(
            campaign.rules, [prompt.text for prompt in campaign.benchmark.prompts]
        ),
        centroid={"clips": None, "digest": None}
        if reference is None
        else {"clips": reference.centroid.clips, "digest": reference.centroid.digest},
        self_test=findings.self_test.as_json(),
        ceiling={} if reference is None else reference.ceiling(),
        impostor_floor={} if reference is None else reference.impostor_floor(),
        selection=_selection(findings),
        expected_items=campaign.expected_gate_items,
        rows=tuple(sample.score for sample in findings.gate_samples),
    )


def _selection(findings: Findings) -> dict[str, Any]:
    chosen = findings.chosen
    return {
        "rule": SELECTION_RULE,
        "chosen": None if chosen is None else chosen.name,
        "checkpoints": [
            {
                "name": candidate.name,
                "step": candidate.step,
                "digest": candidate.model_digest,
                "chosen": candidate is chosen,
                **candidate.summary.as_json(),
            }
            for candidate in findings.candidates
        ],
    }


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


def _write(folder: Path, campaign: Campaign, findings: Findings, evidence: Evidence) -> None:
    prompts = {prompt.id: prompt for prompt in campaign.benchmark.prompts}
    rows = [
        row
        for (split, name), samples in findings.samples.items()
        for row in score_rows(samples, prompts, split=split, checkpoint=name)
    ]
    write_scores(folder / "scores.parquet", rows)
    write_audio(folder / "audio", findings.gate_samples)
    write_json(folder / "checkpoints.json", {"schema": 1, **evidence.selection})
    write_json(folder / "timings.json", timings(findings.samples))
    write_json(folder / "report.json", report_metrics(evidence))
    write_text(folder / "report.md", render_report(evidence))
    evidence.write(folder / "evidence.json")
