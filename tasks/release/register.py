"""`register`: project the stages' outputs into MLflow and enter the candidate in the ledger."""

from __future__ import annotations

import getpass
from pathlib import Path

from tasks.measuring.seals import LedgerSeals
from voxgate.errors import ConfigError, ReleaseError
from voxgate.evaluation.evidence import read_evidence
from voxgate.files import digest_file, digest_json, read_json
from voxgate.params import Params
from voxgate.release import candidates
from voxgate.release.desk import Desk
from voxgate.release.drills import require_place
from voxgate.release.people import require_name
from voxgate.release.policy import require_person
from voxgate.release.ports.registry import Candidate, RegisteredVersion
from voxgate.release.records import Origin, Recipe
from voxgate.stage import STAGES, require_accepted
from voxgate.temporaries import scratch_directory
from voxgate.text.front_ends import open_front_end
from voxgate.voice.card import card_lexicons, read_card
from voxgate.wiring.data import data_version

__all__ = ["lexicon_digest", "register", "trained_by"]


def register(desk: Desk, params: Params, recipe: Recipe) -> int:
    """Register the chosen checkpoint that came of `recipe`; returns the ledger's version.

    A version that exists is returned as it is, whatever was measured of it this time, and so is
    the version as which people decided against this very voice. What is missing (a deleted run, a
    run that a crash left half-written) is made again.

    Raises:
        RefusalError: a stage refused, so there is nothing to register.
        ReleaseError: it is a replay voice, and the model is not for drills.
        ConfigError: nobody can be named who trained it.
        ExternalServiceError: MLflow or the ledger could not be reached; run again later.
    """
    workspace = desk.workspace
    require_accepted(workspace, STAGES)
    measured = read_json(workspace.stage_dir("evaluate") / "evidence.json")
    model = measured.get("model", {}).get("digest")
    digest = recipe.candidate_digest(model)
    known = candidates.recognise(desk.ledger.read(desk.model), digest, model)
    candidate = Candidate(
        digest=digest if known is None else known.origin.candidate_digest,
        model_name=desk.model,
        workspace=workspace,
        data_version=data_version(workspace.root),
        checkpoints=read_json(workspace.stage_dir("evaluate") / "checkpoints.json"),
        params=params.model_dump(by_alias=True),
    )
    kind = read_card(_package(candidate)).kind
    require_place(kind, desk.model)  # before MLflow shows anything of it
    registered = desk.connect().show_candidate(candidate)
    with scratch_directory() as folder:
        # A run that a crash left without a row may hold an earlier measurement of the same voice.
        stored = desk.connect().fetch_evidence(registered.parent_run_id, folder)
        origin = _origin(
            candidate, registered, stored, recipe=recipe, by=trained_by(desk.actor), kind=kind
        )
    desk.append(lambda book, _now: candidates.register(book, origin))
    _seal(desk, origin)
    entered = candidates.recognise(desk.ledger.read(desk.model), candidate.digest, model)
    assert entered is not None
    return entered.version


def _seal(desk: Desk, origin: Origin) -> None:
    """Seal what was measured this time, where it is not what the candidate is registered with."""
    path = desk.workspace.stage_dir("evaluate") / "evidence.json"
    if digest_file(path) != origin.evidence_digest:
        frame = read_evidence(path).frame_digest
        LedgerSeals(desk).put(str(origin.model_digest), frame, path)


def _package(candidate: Candidate) -> Path:
    packages = candidate.workspace.stage_dir("train") / "checkpoints"
    return packages / str(candidate.checkpoints["chosen"])


def _origin(
    candidate: Candidate,
    registered: RegisteredVersion,
    stored: Path,
    *,
    recipe: Recipe,
    by: str,
    kind: str,
) -> Origin:
    evidence = read_json(stored)
    return Origin(
        candidate_digest=candidate.digest,
        model_digest=evidence["model"]["digest"],
        data_version=candidate.data_version,
        clips_digest=evidence["data"].get("clips_sha256"),
        lexicon_digest=lexicon_digest(_package(candidate)),
        evidence_digest=digest_file(stored),
        consent_scope=candidate.consent_scope,
        trained_by=by,
        registry_version=registered.version,
        parent_run_id=registered.parent_run_id,
        voice_kind=kind,
        recipe_digest=recipe.voice,
    )


def trained_by(actor: str | None) -> str:
    """Return who runs a retraining here.

    Raises:
        ConfigError: neither VOXGATE_ACTOR nor a login says so, or the name could be taken for
            somebody else's or for a policy's.
    """
    try:
        name = actor or getpass.getuser()
    except (KeyError, OSError):
        raise ConfigError(
            "VOXGATE_ACTOR", ["this process has no login name; say on whose behalf it trains"]
        ) from None
    try:
        require_name(name, option="the name")
        require_person(name)
    except ReleaseError as error:
        raise ConfigError("VOXGATE_ACTOR", [str(error)]) from None
    return name


def lexicon_digest(package: Path) -> str:
    """Name the dictionary and the speaker's own pronunciations, which travel with the voice."""
    card = read_card(package)
    dictionary = None
    if card.language is not None:
        others = [code for code in card.languages or [] if code != card.language]
        dictionary = open_front_end(card.language, languages=others).dictionary_digest
    own = {code: card.files[path.name] for code, path in card_lexicons(package, card).items()}
    return digest_json({"dictionary": dictionary, "own": own or None})
