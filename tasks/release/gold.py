"""`gold`: the unadapted base as the voice that no candidate may fall behind.

A chain of steps that are each "no worse" can end far below its start. So every candidate is set
against a frozen version as well, and until a person names another one that is the base itself,
speaking after the reference clip of the corpus.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

from tasks.measuring.rescore import Measure, measured_once, stored_recount
from tasks.measuring.shipped import is_pinned
from tasks.release.register import lexicon_digest, trained_by
from voxgate.evaluation.evidence import Evidence, read_evidence
from voxgate.files import digest_file, digest_json, read_json
from voxgate.params import Params
from voxgate.release import candidates
from voxgate.release.desk import Desk
from voxgate.release.policy import BASE_ACTOR
from voxgate.release.ports.registry import PROVENANCE
from voxgate.release.records import Origin
from voxgate.training.new_voice import unadapted_inputs, write_unadapted
from voxgate.training.preset_choice import choose_preset
from voxgate.voice.card import card_digest
from voxgate.wiring.data import data_version

__all__ = ["register_gold"]

_log = logging.getLogger(__name__)

_REASON = "the base before adaptation: no candidate may fall behind it"


def register_gold(desk: Desk, params: Params, *, measure: Measure | None = None) -> int | None:
    """Enter the base as gold unless the ledger names a gold already; returns gold's version.

    Its evidence ships with the base. It counts if it is about this very package, or one made of the
    same inputs on another processor, in the frame of the candidate's own evidence; else the base
    is measured here (`measure` replaces how). Without a base (`train.base` is null) there is no
    gold.

    Raises:
        GateError: the base could not be measured.
        WeightsError: the base is absent or not the pinned one.
        ExternalServiceError: MLflow or the ledger could not be reached.
    """
    workspace, base = desk.workspace, params.train.base
    gold = desk.ledger.read(desk.model).gold
    if gold is not None or base is None:
        return gold
    package = workspace.cache_dir / "unadapted"
    features, preset = workspace.stage_dir("featurize"), choose_preset(params.train.preset)
    card = write_unadapted(
        package, features, preset=preset, params=params, base_dir=workspace.base_dir
    )
    model = card_digest(package)
    identity = {
        "checkpoint": package.name,
        "digest": model,
        "inputs": unadapted_inputs(card, features, preset=preset),
    }
    today = read_evidence(workspace.stage_dir("evaluate") / "evidence.json")
    evidence = _shipped(desk, params, identity, today) or measured_once(
        desk,
        params.evaluate,
        package,
        today.frame_digest,
        measure=measure,
        made_from={"model": identity},
    )
    version = data_version(workspace.root)
    digest = digest_json({"gold": model, "evidence": digest_file(evidence)})
    known = candidates.recognise(desk.ledger.read(desk.model), digest, model)
    digest = digest if known is None else known.origin.candidate_digest
    registered = desk.connect().show_gold(
        desk.model,
        digest,
        package=package,
        evidence=evidence,
        provenance=[workspace.root / name for name in PROVENANCE],
        data_version=version,
        scope=card.consent_scope,
    )
    origin = Origin(
        candidate_digest=digest,
        model_digest=model,
        data_version=version,
        clips_digest=read_json(evidence)["data"].get("clips_sha256"),
        lexicon_digest=lexicon_digest(package),
        evidence_digest=digest_file(evidence),
        consent_scope=card.consent_scope,
        trained_by=trained_by(desk.actor),
        registry_version=registered.version,
        parent_run_id=registered.parent_run_id,
    )
    desk.append(lambda book, _now: candidates.register(book, origin))
    entered = desk.ledger.read(desk.model).find(digest)
    assert entered is not None
    desk.append(
        lambda book, _now: candidates.name_gold(
            book, entered.version, desk.policy, by=BASE_ACTOR, reason=_REASON
        ),
    )
    return entered.version


def _shipped(
    desk: Desk, params: Params, identity: Mapping[str, str | None], today: Evidence
) -> Path | None:
    """Return the evidence that came with the base if it is about this voice in today's frame.

    Where only the rules for words have changed since, that is what its transcripts come to today.
    """
    assert params.train.base is not None
    path = desk.workspace.base_dir / params.train.base.folder / "gold.json"
    if not path.is_file():
        return None
    if not is_pinned(path):
        _log.warning("%s is not the file that base.json names: the base is measured here", path)
        return None
    found = read_evidence(path)
    same = found.model.get("digest") == identity["digest"] or (
        identity["inputs"] is not None and found.model.get("inputs") == identity["inputs"]
    )
    if not same:
        return None
    if found.frame_digest == today.frame_digest:
        return path
    return stored_recount(desk.workspace, params.evaluate, found, today)
