"""A rival's evidence in the challenger's frame: as registered, or measured anew today.

Recordings come and go, and with them the held-out clips that define the speaker; evaluators are
exchanged. Numbers of different frames are never compared, so a voice speaks again from its stored
package. Where only the way of comparing words has changed, its stored transcripts are counted anew
instead. What a version was registered with stays as it is.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from tasks.measuring.evidence import build_evidence
from tasks.measuring.seals import LedgerSeals
from tasks.measuring.setup import build_evaluation, build_instruments, open_executor
from voxgate.errors import GateError, VersionLostError
from voxgate.evaluation.benchmark import load_benchmark
from voxgate.evaluation.checkpoints import read_checkpoint
from voxgate.evaluation.evidence import Evidence, read_evidence
from voxgate.evaluation.protocol import Normaliser, normaliser_identity
from voxgate.evaluation.rescoring import differs_in_words_only, rescore
from voxgate.files import digest_file
from voxgate.params import EvaluateParams
from voxgate.release.desk import Desk
from voxgate.release.records import Release
from voxgate.stage import Workspace
from voxgate.voice.card import card_digest
from voxgate.wiring.packages import registered_package

__all__ = [
    "Measure",
    "comparable_evidence",
    "measure_voice",
    "measured_once",
    "package_of",
    "recounted",
    "stored_recount",
]

Measure = Callable[[Workspace, EvaluateParams, Path], Evidence]
"""Measures the voice package in a folder."""

_log = logging.getLogger(__name__)


def comparable_evidence(
    desk: Desk,
    params: EvaluateParams,
    rival: Release,
    challenger: Evidence,
    *,
    measure: Measure | None = None,
) -> Path:
    """Return evidence of `rival` that can be set against the challenger's.

    Where the package of the rival is lost, that is the evidence that it was registered with, and
    the gate holds on it.

    Raises:
        EvidenceChangedError: the stored evidence is not the registered one.
        GateError: the rival has no evidence, or cannot be measured today.
        ExternalServiceError: MLflow could not be reached.
    """
    path = desk.stored_evidence(rival)
    registered = read_evidence(path)
    if registered.frame_digest == challenger.frame_digest:
        return path
    counted = stored_recount(desk.workspace, params, registered, challenger)
    if counted is not None:
        return counted
    try:
        package = package_of(desk, rival)
    except VersionLostError as error:
        _log.warning("version %d cannot be measured again: %s", rival.version, error)
        return path
    _log.info("version %d speaks again: what it was measured with has changed", rival.version)
    return measured_once(
        desk,
        params,
        package,
        challenger.frame_digest,
        measure=measure,
        made_from={
            "data": registered.data,
            "selection": registered.selection,
            "consent_scope": registered.consent_scope,
        },
    )


def package_of(desk: Desk, release: Release) -> Path:
    """Return the voice package of a version: of this checkout's training, or the registry's.

    Raises:
        VersionLostError: the registry has it no more.
        ExternalServiceError: MLflow could not be reached.
    """
    digest = str(release.origin.model_digest)
    trained = desk.workspace.stage_dir("train") / "checkpoints"
    for card in sorted(trained.glob("*/voice.json")):
        if digest_file(card) == digest:
            return card.parent
    package = desk.workspace.cache_dir / "packages" / digest[:16]
    return registered_package(release, package, connect=desk.connect)


def recounted(
    workspace: Workspace, params: EvaluateParams, evidence: Evidence, today: Evidence
) -> Evidence | None:
    """Count the words of stored evidence as `today` counts them; None where that is not enough.

    It is not where more than the words differs, and where `today` was itself counted by other
    rules than this version has.

    Raises:
        ConfigError: the benchmark is broken.
        BundleError: a measured sample has no transcript.
    """
    if not differs_in_words_only(evidence, today):
        return None
    from voxgate.wiring.evaluators import published_normaliser, text_normaliser

    benchmark = load_benchmark(workspace.benchmark_dir / params.prompt_file)
    both = _Both(
        normaliser=text_normaliser(benchmark.language),
        published=published_normaliser(benchmark.language),
    )
    same_rules = all(today.protocol.get(name) == rules for name, rules in both.identities().items())
    if not same_rules or benchmark.digest != today.benchmark.get("digest"):
        return None
    prompts = {prompt.id: prompt for prompt in benchmark.prompts}
    return rescore(evidence, today, prompts=prompts, normalisers=both)


def stored_recount(
    workspace: Workspace, params: EvaluateParams, evidence: Evidence, today: Evidence
) -> Path | None:
    """Write what `recounted` returns into the cache, always anew; returns where.

    Raises:
        ConfigError: the benchmark is broken.
        BundleError: a measured sample has no transcript.
    """
    counted = recounted(workspace, params, evidence, today)
    if counted is None:
        return None
    kept = workspace.kept_evidence(str(evidence.model.get("digest")), today.frame_digest)
    path = kept.with_name("recounted.json")  # beside it, for what is kept may cover more blocks
    counted.write(path)
    return path


@dataclass(frozen=True, kw_only=True)
class _Both:
    normaliser: Normaliser
    published: Normaliser

    def identities(self) -> dict[str, dict[str, str]]:
        return {
            "normaliser": normaliser_identity(self.normaliser),
            "published_normaliser": normaliser_identity(self.published),
        }


def measured_once(
    desk: Desk,
    params: EvaluateParams,
    package: Path,
    frame: str,
    *,
    measure: Measure | None = None,
    made_from: dict[str, object] | None = None,
) -> Path:
    """Measure a voice package unless that was done in the same frame before; return its evidence.

    What was measured is sealed in the ledger by its digest. A file of the cache that is not what
    was sealed is nobody's measurement: the voice is measured again.

    Args:
        desk: the checkout, whose cache keeps the evidence, and the ledger.
        params: instruments and rules.
        package: folder of the voice.
        frame: the challenger's `Evidence.frame_digest`.
        measure: what measures; None lets the voice speak.
        made_from: fields of the evidence that say where the voice comes from, if not from here.

    Raises:
        GateError: nothing could be measured.
    """
    model = card_digest(package)
    path = desk.workspace.kept_evidence(model, frame)
    seals = LedgerSeals(desk)
    if path.is_file() and not seals.holds(model, frame, path):
        _log.warning("%s is not what the ledger says was measured; measured again", path)
        path.unlink()
    if not path.is_file():
        evidence = (measure or measure_voice)(desk.workspace, params, package)
        replace(evidence, **(made_from or {})).write(path)  # type: ignore[arg-type]
        seals.put(model, frame, path)
    return path


def measure_voice(workspace: Workspace, params: EvaluateParams, package: Path) -> Evidence:
    """Let a voice speak all select and gate prompts, and score them; cached sample by sample.

    Raises:
        GateError: the instruments failed their self-test, or nothing could be measured.
        WeightsError: an instrument or a file of the voice is absent or not the pinned one.
    """
    with open_executor() as executor:
        evaluation = build_evaluation(
            workspace,
            params,
            build_instruments(params, executor=executor),
            executor=executor,
            checkpoints=[read_checkpoint(package)],
        )
        findings = evaluation.run()
    if findings.refusal is not None:
        raise GateError(f"{package} cannot be measured: {findings.refusal.message}")
    return build_evidence(workspace, params, evaluation, findings)
