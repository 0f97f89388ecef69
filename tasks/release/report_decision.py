"""Who decides about a version, and what the voice was trained on, as a report says it."""

from __future__ import annotations

from datetime import UTC, datetime

from voxgate.clock import utc_now
from voxgate.corpus.consent import load_consents
from voxgate.errors import EvidenceMissingError
from voxgate.evaluation.evidence import Evidence
from voxgate.files import digest_file, read_json
from voxgate.release.audit import log
from voxgate.release.desk import Desk
from voxgate.release.events import Kind
from voxgate.release.policy import allows_automatic
from voxgate.release.records import Release
from voxgate.release.states import State
from voxgate.reporting.document import Decision, Speaker
from voxgate.stage import Workspace
from voxgate.wiring.data import data_version

__all__ = ["count_training", "describe_decision", "describe_origin", "find_speakers"]


def describe_decision(desk: Desk, release: Release) -> Decision:
    """Say what the rules of this checkout and the ledger have on the version."""
    judgement, policy = release.judgement, desk.policy
    automatic = policy.automatic and judgement is not None and allows_automatic(judgement)
    trainer = release.origin.trained_by
    listed = ", ".join(sorted(policy.approvers))
    events = [e for e in log(desk.ledger.rows(), model=desk.model) if e.kind is not Kind.VOTED]
    return Decision(
        model=desk.model,
        version=release.version,
        state=release.standing(utc_now()),
        policy="a PASS against the champion is released by policy"
        if automatic
        else "a person decides",
        approvers=f"{listed or 'anybody'}, but never who trained it ({trainer})",
        expires_at=None if judgement is None else _time(judgement.expires_at),
        commands=_commands(release),
        history=tuple(
            f"{_time(e.at)}: {e.kind.value.replace('_', ' ')} by {e.actor}: {e.reason}"
            for e in events
            if e.version == release.version
        ),
        looks=sum(
            1
            for e in events
            if judgement is not None
            and judgement.champion is not None
            and e.kind is Kind.JUDGED
            and e.facts["champion"] == judgement.champion
        )
        or None,
    )


def describe_origin(release: Release) -> tuple[tuple[str, str], ...]:
    """Return what the ledger names the version by; what it did not note is left out."""
    origin, judgement = release.origin, release.judgement
    named = {
        "candidate": origin.candidate_digest,
        "data version": origin.data_version,
        "training clips": origin.clips_digest,
        "dictionary": origin.lexicon_digest,
        "recipe": origin.recipe_digest,
        "evidence at registration": origin.evidence_digest,
        "verdict": None if judgement is None else judgement.verdict_digest,
        "run in the registry": release.parent_run_id,
        "version in the registry": str(release.registry_version),
    }
    return tuple((name, value) for name, value in named.items() if value is not None)


def find_speakers(workspace: Workspace, release: Release) -> tuple[Speaker, ...]:
    """Return the consent records of the data version that the voice was trained on.

    Raises:
        EvidenceMissingError: data/ is another version.
        DataVersionError, ConsentError: there are no data, or their consent records are broken.
    """
    here = data_version(workspace.root)
    if here != release.origin.data_version:
        raise EvidenceMissingError(
            f"data/ is version {here[:12]}, the voice was trained on "
            f"{release.origin.data_version[:12]}"
        )
    return tuple(
        Speaker(
            speaker_id=name,
            scope=record.scope.value,
            licence=record.licence,
            attribution=record.attribution,
            source=record.source,
            recorded_on=None if record.recorded_on is None else record.recorded_on.isoformat(),
        )
        for name, record in sorted(load_consents(workspace.data_dir / "consent.yaml").items())
    )


def count_training(workspace: Workspace, evidence: Evidence) -> dict[str, str]:
    """Return how much the voice was trained on.

    Raises:
        EvidenceMissingError: build/ is of other data.
    """
    table = workspace.stage_dir("featurize") / "clips.parquet"
    report = workspace.stage_dir("validate") / "report.json"
    if not table.is_file() or digest_file(table) != evidence.data.get("clips_sha256"):
        raise EvidenceMissingError("build/featurize is absent or of other data than this voice")
    if not report.is_file():
        raise EvidenceMissingError("build/validate/report.json is absent")
    counts = read_json(report)
    return {
        "recordings": str(counts["rows"]),
        "accepted": str(counts["accepted"]),
        "repaired": str(counts["fixed"]),
        "quarantined": str(counts["quarantined"]),
        "minutes kept": f"{counts['accepted_s'] / 60:.1f}",
    }


def _commands(release: Release) -> tuple[tuple[str, str], ...]:
    number = release.version
    if release.state is State.PENDING:
        return (
            (f"voxgate listen {number} --by YOU", "hear it blind beside what is live"),
            (f"voxgate approve {number} --by YOU --reason WHY", "make it live"),
            (f"voxgate reject {number} --by YOU --reason WHY", "decide against it"),
        )
    if release.state is State.APPROVED:
        return ((f"voxgate promote {number} --by YOU", "finish the promotion"),)
    if release.state is State.LIVE:
        return (("voxgate rollback --by YOU --reason WHY", "go back to the version before"),)
    return ()


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
