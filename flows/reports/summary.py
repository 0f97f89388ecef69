"""What a run came to, gathered once for the terminal, for `--json` and for `voxgate status`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tasks.release.notifications import problems
from tasks.release.registry import check_registry
from voxgate.clock import utc_now
from voxgate.errors import ExternalServiceError, RegistryError, StageError, StorageError
from voxgate.files import read_json
from voxgate.release import candidates
from voxgate.release.book import Book
from voxgate.release.desk import Desk
from voxgate.release.listening.session import rival_of
from voxgate.release.listening.tally import tally
from voxgate.release.projection import ALIASES, project_book
from voxgate.release.records import Judgement
from voxgate.release.states import State
from voxgate.release.trials import Trial
from voxgate.stage import STAGES, Outcome, Workspace, read_outcome
from voxgate.text.counting_units import WORD, named_unit
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.data import data_version

__all__ = ["RunSummary", "VersionLine", "summarise"]


@dataclass(frozen=True, kw_only=True)
class VersionLine:
    """A version of the ledger as people speak of it. `approval` is how its decision stands."""

    version: int
    aliases: tuple[str, ...]
    verdict: str | None
    approval: str | None
    consent_scope: str | None
    bundle: str | None
    reasons: tuple[str, ...] = ()
    """Why the verdict is not a PASS, the gravest first."""

    report: str | None = None
    """The page about the verdict, below the checkout, where it was written here."""

    evidence: str | None = None
    expires_at: str | None = None
    """Until when a decision can be made."""

    decided_by: str | None = None
    release_scope: str | None = None
    objections: tuple[str, ...] = ()
    """What people decided against this voice, or against one of the same recipe."""

    votes: dict[str, Any] | None = None
    """What listeners said, as `voxgate votes --json` has it; None without a vote."""

    loosened: tuple[str, ...] = ()
    """Limits that are looser than those that the last approved version was judged under."""

    limits_changed: str | None = None
    """Who changed them, and when."""

    trial: str | None = None
    """Who hears it before it is live, and how long; None where it is not on trial."""


@dataclass(frozen=True, kw_only=True)
class RunSummary:
    """Everything that the closing summary shows; JSON values throughout."""

    data_version: str | None
    clips: dict[str, Any] | None
    size: dict[str, Any] | None
    """What the data set is treated as, and the share of the steps that its voice is trained for."""

    checkpoints: tuple[dict[str, Any], ...]
    refusals: tuple[dict[str, str], ...]
    live: VersionLine | None
    candidate: VersionLine | None
    pending: tuple[VersionLine, ...] = ()
    """Versions that wait for a decision, or for a promotion: on trial, or interrupted."""

    previous: int | None = None
    """Where a rollback goes."""

    registry: tuple[str, ...] = ()
    """How the registry differs from the ledger."""

    notifications: tuple[str, ...] = ()
    """What did not reach people yet."""

    rate: str = WORD.rate
    """How the checkpoints' rate of errors is called."""

    def as_json(self) -> dict[str, Any]:
        """Return JSON values for scripts."""
        return asdict(self)


def summarise(checkout: Checkout) -> RunSummary:
    """Read build/, the ledger and the registry; what does not exist yet is None or empty."""
    workspace, desk = checkout.workspace, checkout.desk
    book = desk.ledger.read(desk.model)
    checkpoints = _read(workspace.stage_dir("evaluate") / "checkpoints.json")
    return RunSummary(
        data_version=data_version(checkout.root),
        clips=_read(workspace.stage_dir("validate") / "report.json"),
        size=_size(workspace),
        checkpoints=tuple(checkpoints["checkpoints"]) if checkpoints else (),
        refusals=_refusals(workspace),
        live=_line(desk, book, book.live),
        candidate=_line(desk, book, book.nominated),
        pending=tuple(
            line
            for version, release in sorted(book.releases.items())
            if release.state in (State.PENDING, State.APPROVED)
            and (line := _line(desk, book, version)) is not None
        ),
        previous=book.previous,
        registry=_registry(desk),
        notifications=problems(desk),
        rate=named_unit((checkpoints or {}).get("unit")).rate,
    )


def _size(workspace: Workspace) -> dict[str, Any] | None:
    outcome = _outcome(workspace, "featurize")
    return None if outcome is None else outcome.facts.get("size")


def _registry(desk: Desk) -> tuple[str, ...]:
    try:
        return tuple(drift.message for drift in check_registry(desk))
    except (ExternalServiceError, RegistryError, StorageError) as error:
        return (f"could not be reached: {error}",)


def _refusals(workspace: Workspace) -> tuple[dict[str, str], ...]:
    found = [
        {"stage": outcome.stage, "code": reason.code, "message": reason.message}
        for outcome in (_outcome(workspace, stage) for stage in STAGES)
        if outcome is not None and not outcome.accepted
        for reason in outcome.reasons
    ]
    return tuple(found)


def _outcome(workspace: Workspace, stage: str) -> Outcome | None:
    folder = workspace.stage_dir(stage)
    try:
        with _naming(folder / "outcome.json"):
            return read_outcome(folder)
    except StageError:
        return None


def _read(path: Path) -> Any | None:
    with _naming(path):
        return read_json(path) if path.is_file() else None


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    try:
        yield
    except (ValueError, KeyError, TypeError) as error:
        raise StorageError(
            f"{path} is damaged ({error}); remove it: `voxgate run` writes it anew"
        ) from error


def _line(desk: Desk, book: Book, version: int | None) -> VersionLine | None:
    if version is None:
        return None
    now = utc_now()
    release = book.require(version)
    judgement, approval = release.judgement, release.approval
    root = desk.workspace.root
    verdict = _read(root / judgement.bundle / "verdict.json") if judgement else None
    votes = tally(release, rival_of(book, version), desk.policy)
    aliases = project_book(book, now=now).aliases
    return VersionLine(
        version=version,
        aliases=tuple(a for a in ALIASES if aliases.get(a) == release.registry_version),
        verdict=judgement.verdict if judgement else None,
        approval=release.standing(now),
        consent_scope=release.origin.consent_scope,
        bundle=judgement.bundle if judgement else None,
        objections=candidates.objections(book, version),
        reasons=tuple(map(_reason, verdict["reasons"])) if verdict else (),
        report=_report(root, judgement),
        evidence=judgement.evidence_digest if judgement else None,
        expires_at=judgement.expires_at.isoformat(timespec="minutes") if judgement else None,
        decided_by=approval.by if approval else None,
        release_scope=approval.scope if approval else None,
        votes=votes.as_json() if votes.digest else None,
        loosened=judgement.loosened if judgement else (),
        limits_changed=judgement.limits_changed if judgement else None,
        trial=_trial(book.trial_at(now), version),
    )


def _trial(trial: Trial | None, version: int) -> str | None:
    if trial is None or trial.version != version:
        return None
    until = trial.until.isoformat(timespec="minutes")
    return f"canary {trial.canary_per_mille}, shadow {trial.shadow_per_mille} of 1000 until {until}"


def _report(root: Path, judgement: Judgement | None) -> str | None:
    page = judgement.page if judgement else None
    return page if page is not None and (root / page).is_file() else None


def _reason(reason: dict[str, Any]) -> str:
    about = "" if reason["subject"] == "challenger" else f"{reason['subject']}: "
    return f"{about}{reason['message']}"
