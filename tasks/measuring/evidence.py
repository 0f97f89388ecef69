"""Put what an evaluation found into evidence, beside what it was made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from voxgate.evaluation.evaluation import Evaluation, Findings
from voxgate.evaluation.evidence import Evidence
from voxgate.evaluation.heard_terms import hear_terms
from voxgate.evaluation.known_clips import known_clips_digest
from voxgate.evaluation.selection import selection_rule
from voxgate.evaluation.small_data import describe_small_data
from voxgate.evaluation.terms import describe_terms
from voxgate.features.featurised_clips import read_cut_clips
from voxgate.files import digest_file, read_json
from voxgate.params import EvaluateParams
from voxgate.stage import Workspace, read_outcome

__all__ = ["build_evidence"]


def build_evidence(
    workspace: Workspace, params: EvaluateParams, evaluation: Evaluation, findings: Findings
) -> Evidence:
    """Return what the gate reads."""
    frame, chosen = findings.frame, findings.chosen
    return Evidence(
        model={
            "checkpoint": None if chosen is None else chosen.name,
            "digest": None if chosen is None else chosen.model_digest,
            **_languages(evaluation, findings),
        },
        data=_data_facts(workspace) | _terms(evaluation, findings),
        consent_scope=evaluation.checkpoints[0].consent_scope,
        benchmark={
            "file": params.prompt_file,
            "language": evaluation.benchmark.language,
            "digest": evaluation.benchmark.digest,
            "known_clips_digest": known_clips_digest(evaluation.known_clips),
            "gate_prompts": [prompt.id for prompt in evaluation.gate_prompts],
            "blocks": {
                str(block): [prompt.id for prompt in evaluation.benchmark.of_blocks([block])]
                for block in evaluation.blocks
            },
            "gate_seeds": params.gate_seeds,
        },
        protocol=evaluation.instruments.protocol(evaluation.rules),
        centroid={"clips": None, "digest": None} if frame is None else frame.centroid.as_json(),
        self_test=findings.self_test.as_json(),
        ceiling={} if frame is None else frame.ceiling(),
        impostor_floor={} if frame is None else frame.impostor_floor(),
        selection=_selection(findings, rate=evaluation.unit.rate),
        expected_items=evaluation.expected_gate_items,
        rows=tuple(sample.score for sample in findings.gate_samples),
    )


def _languages(evaluation: Evaluation, findings: Findings) -> dict[str, list[str]]:
    """Return the languages of a voice that has several, which all have to be judged."""
    chosen = findings.chosen
    found = next((c for c in evaluation.checkpoints if chosen and c.name == chosen.name), None)
    return {} if found is None or len(found.languages) <= 1 else {"languages": [*found.languages]}


def _selection(findings: Findings, *, rate: str) -> dict[str, Any]:
    chosen, choice = findings.chosen, findings.choice
    standings = {} if choice is None else {s.candidate.name: s for s in choice.standings}
    return {
        "rule": selection_rule(rate),
        "chosen": None if chosen is None else chosen.name,
        "why": None if choice is None else choice.why,
        "checkpoints": [
            {
                "name": candidate.name,
                "step": candidate.step,
                "digest": candidate.model_digest,
                "chosen": candidate is chosen,
                **(standings[candidate.name].as_json() if standings else {}),
                **candidate.summary.as_json(),
            }
            for candidate in findings.candidates
        ],
    }


def _terms(evaluation: Evaluation, findings: Findings) -> dict[str, Any]:
    """Return how the voice reads the words of its lexicons; nothing of a voice without any."""
    chosen = findings.chosen
    named = [one for one in evaluation.checkpoints if chosen and one.name == chosen.name]
    checkpoint = (named or evaluation.checkpoints)[0]
    found = describe_terms(checkpoint.folder)
    if found is None:
        return {}
    if chosen is not None and findings.frame is not None:
        found["heard"] = hear_terms(evaluation, findings.frame, checkpoint)
    return {"terms": found}


def _data_facts(workspace: Workspace) -> dict[str, Any]:
    """Return the digest of the training table and how many data expectations were evaluated.

    Of little data they also say how much there is and of which kind. The gate holds when no
    expectation was evaluated: an empty suite passes by itself.
    """
    evaluated = successful = 0
    path = workspace.stage_dir("validate") / "expectations.json"
    if path.is_file():
        for statistics in _statistics(read_json(path)):
            evaluated += int(statistics["evaluated_expectations"])
            successful += int(statistics["successful_expectations"])
    features = workspace.stage_dir("featurize")
    size = read_outcome(features).facts.get("size")
    small = describe_small_data(size, list(read_cut_clips(features)))
    return {
        "clips_sha256": digest_file(features / "clips.parquet"),
        "expectations_evaluated": evaluated,
        "expectations_successful": successful,
        **({} if small is None else {"small_data": small}),
    }


def _statistics(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the statistics of every suite result, wherever the document keeps them."""
    if isinstance(value, dict):
        if "evaluated_expectations" in value:
            yield value
        else:
            for child in value.values():
                yield from _statistics(child)
    elif isinstance(value, list):
        for child in value:
            yield from _statistics(child)
