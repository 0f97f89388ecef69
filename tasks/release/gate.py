"""`gate`: put the candidate's evidence and its rivals' into a bundle, and judge it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tasks.measuring.thresholds import build_thresholds, calibration_path, look_blocks
from tasks.release.standing import doubt_calibration
from voxgate.errors import BundleError
from voxgate.evaluation.evidence import read_evidence
from voxgate.files import canonical_json
from voxgate.gate.bundle import write_bundle
from voxgate.gate.standing import Standing
from voxgate.gate.verdict import Verdict
from voxgate.params import Params
from voxgate.stage import Workspace

__all__ = ["Place", "gate", "gate_rules"]


def gate(  # noqa: PLR0913 - one call says everything that a bundle holds
    workspace: Workspace,
    params: Params,
    *,
    folder: Path,
    challenger: Path | None = None,
    rivals: Mapping[str, Path] | None = None,
    look: int = 1,
    candidate: int = 1,
    standing: Standing | None = None,
    further: Mapping[str, Mapping[str, Path] | str] | None = None,
) -> Verdict:
    """Write the evidence bundle and its verdict into `folder`; nothing else is touched.

    Args:
        workspace: the checkout.
        params: floors, margins and pinned instruments.
        folder: where the bundle goes; an older one there is replaced.
        challenger: evidence of the candidate; None is build/evaluate/evidence.json.
        rivals: evidence of `champion` (the live model) and `gold` (the frozen one), of each that
            there is.
        look: how often this challenger was judged before, plus one. Of evidence that covers more
            prompts than the look, only those go into the bundle.
        candidate: how many were set against this champion on this benchmark, with this one.
        standing: what the ledger says beside the figures; None where no ledger was asked.
        further: of each further language of `evaluate.prompts` evidence of the challenger and of
            its rivals there, or why there is none; without it such a language is not judged.

    Raises:
        BundleError: a piece of evidence is missing or unreadable.
        ConfigError: the benchmark is broken.
    """
    evaluate = workspace.stage_dir("evaluate") / "evidence.json"
    place = Place(look=look, candidate=candidate, standing=standing)
    sources = {"challenger": challenger or evaluate, **(rivals or {})}
    inputs = _inputs(workspace, params, sources, place, own=True)
    unjudged: dict[str, str] = {}
    _, *others = params.evaluate.prompt_files
    for language in others:
        found = (further or {}).get(language, "nobody has measured it there")
        if isinstance(found, str):
            unjudged[language] = found
            continue
        there = params.model_copy(update={"evaluate": params.evaluate.in_language(language)})
        for name, data in _inputs(workspace, there, found, place, own=False).items():
            inputs[f"{name}.{language}"] = data
    if unjudged:
        inputs["unjudged"] = canonical_json(unjudged).encode()
    return write_bundle(folder, inputs)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Which look it is, of which candidate, and what the ledger says."""

    look: int
    candidate: int
    standing: Standing | None


def gate_rules(workspace: Workspace, params: Params, place: Place) -> dict[str, bytes]:
    """Return what a bundle of today holds beside evidence, by name, in every language.

    Raises:
        BundleError: the calibration record or its takes are broken.
        ConfigError: the benchmark is broken.
    """
    own, *others = params.evaluate.prompt_files
    rules = _rules(workspace, params, own, place)
    for language in others:
        there = params.model_copy(update={"evaluate": params.evaluate.in_language(language)})
        look = min(place.look, _looks(workspace, there, place))
        for name, data in _rules(workspace, there, language, replace(place, look=look)).items():
            rules[f"{name}.{language}"] = data
    return rules


def _inputs(
    workspace: Workspace,
    params: Params,
    evidence: Mapping[str, Path],
    place: Place,
    *,
    own: bool,
) -> dict[str, bytes]:
    """Return the inputs of one language; a further one with fewer looks stays at its last."""
    if not own:
        place = replace(place, look=min(place.look, _looks(workspace, params, place)))
    blocks = look_blocks(workspace, params, look=place.look, candidate=place.candidate)
    spoken = {name: _read_evidence(path, blocks) for name, path in evidence.items()}
    return {**spoken, **_rules(workspace, params, params.evaluate.language, place)}


def _looks(workspace: Workspace, params: Params, place: Place) -> int:
    return build_thresholds(workspace, params, candidate=place.candidate).max_looks


def _rules(workspace: Workspace, params: Params, language: str, place: Place) -> dict[str, bytes]:
    """Return thresholds, calibration record and standing of one language."""
    rules = {}
    record = calibration_path(workspace, language)
    if record.is_file():
        rules["calibration"] = _read(record)
    thresholds = build_thresholds(workspace, params, look=place.look, candidate=place.candidate)
    rules["thresholds"] = canonical_json(thresholds.as_json()).encode()
    stated = doubt_calibration(workspace, place.standing or Standing(), language)
    if stated != Standing():
        rules["standing"] = canonical_json(stated.as_json()).encode()
    return rules


def _read_evidence(path: Path, blocks: Collection[int]) -> bytes:
    """Return the evidence of these blocks, byte for byte where it covers no others.

    Where it covers too few, the gate holds.
    """
    data = _read(path)
    evidence = read_evidence(path)
    if evidence.blocks <= set(blocks):
        return data
    part = evidence.of_blocks(evidence.blocks & set(blocks))
    return canonical_json(part.as_json()).encode()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise BundleError(f"{path} is missing; there is nothing to judge") from None
