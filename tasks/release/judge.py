"""`judge`: set the candidate against what is live and against gold, and offer it for a decision."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from tasks.measuring.rescore import Measure, comparable_evidence
from tasks.measuring.seals import holds_seal
from tasks.release.gate import gate
from tasks.release.standing import state
from voxgate.clock import utc_now
from voxgate.errors import EvidenceChangedError
from voxgate.evaluation.evidence import read_evidence
from voxgate.files import digest_file
from voxgate.gate.bundle import read_bundle
from voxgate.gate.limits import limits_in_force
from voxgate.params import Params
from voxgate.release import candidates
from voxgate.release.book import Book
from voxgate.release.desk import Desk
from voxgate.release.events import Draft
from voxgate.release.records import UNDECIDED, Judgement, Release

__all__ = ["Judged", "judge_candidate"]

RIVALS = ("champion", "gold")
ACTOR = "gate"


class Judged(NamedTuple):
    """The verdict, its report in Markdown, and what people decided against the voice before."""

    verdict: str
    report: str
    objections: tuple[str, ...] = ()


def judge_candidate(
    desk: Desk, params: Params, version: int, *, measure: Measure | None = None
) -> Judged:
    """Write the evidence bundle, judge it, and bind the verdict to the version in the ledger.

    The bundle is named by the candidate and by what it was compared with: the same comparison
    gives the same folder and the same bytes. A rival that was measured in another frame speaks
    again (`measure` replaces how). A candidate is judged on the measurements that it was registered
    with: the last decimals of a second measuring are no news. About a decided version the verdict
    that it was decided on stands.

    Raises:
        UnknownVersionError: the candidate is not registered.
        GateError: a compared version has no evidence.
        ExternalServiceError: MLflow or the ledger could not be reached.
    """
    book = desk.ledger.read(desk.model)
    release = book.require(version)
    objected = candidates.objections(book, version)
    if release.state not in UNDECIDED and release.judgement is not None:
        desk.follow()
        desk.notify()
        report = _standing_report(desk, release, release.judgement)
        return Judged(release.judgement.verdict, report + _said(objected), objected)
    rivals = _rivals(book, release)
    label = "-".join(f"{name}{rival.version}" for name, rival in rivals.items()) or "floors"
    folder = desk.workspace.bundles_dir / f"{release.origin.candidate_digest[:16]}-{label}"
    measured = _measured(desk, release)
    challenger = read_evidence(measured)
    evidence = {
        name: comparable_evidence(desk, params.evaluate, rival, challenger, measure=measure)
        for name, rival in rivals.items()
    }
    gate(
        desk.workspace,
        params,
        folder=folder,
        challenger=measured,
        champion=evidence.get("champion"),
        gold=evidence.get("gold"),
        standing=state(desk, params, book, release, challenger),
    )
    assert release.parent_run_id is not None
    desk.connect().store_folder(release.parent_run_id, folder, f"bundle/{label}")
    judgement = _judgement(desk, folder, rivals, artifact=f"bundle/{label}")
    report = (folder / "report.md").read_text(encoding="utf-8")
    reason = f"{judgement.verdict} against {label}"

    def offer(book: Book, now: datetime) -> Draft | None:
        return candidates.judge(book, release.version, judgement, by=ACTOR, reason=reason, now=now)

    desk.append(offer)
    desk.follow()
    desk.notify()
    return Judged(judgement.verdict, report + _said(objected), objected)


def _measured(desk: Desk, release: Release) -> Path:
    """Return the candidate's evidence: what it was registered with, in the frame of today.

    Raises:
        EvidenceChangedError: it is of another frame, and not what `register` saw.
    """
    path = desk.workspace.stage_dir("evaluate") / "evidence.json"
    if digest_file(path) == release.origin.evidence_digest:
        return path
    stored, here = desk.stored_evidence(release), read_evidence(path)
    if read_evidence(stored).frame_digest == here.frame_digest:
        return stored
    if not holds_seal(desk, str(here.model.get("digest")), here.frame_digest, path):
        raise EvidenceChangedError(
            f"{path} is neither what version {release.version} was registered with nor what the "
            "last run measured: it was altered. `voxgate run` measures it again."
        )
    return path


def _said(objected: tuple[str, ...]) -> str:
    lines = [f"- {each}" for each in objected]
    return "\n".join(["", "## Decided before", "", *lines, ""]) if lines else ""


def _rivals(book: Book, release: Release) -> dict[str, Release]:
    """Return what the ledger says is live and gold, but never the candidate itself."""
    named = dict(zip(RIVALS, (book.live, book.gold), strict=True))
    return {
        name: book.releases[version]
        for name, version in named.items()
        if version is not None and version != release.version
    }


def _judgement(desk: Desk, folder: Path, rivals: dict[str, Release], *, artifact: str) -> Judgement:
    bundle = read_bundle(folder)
    document = json.loads((folder / "verdict.json").read_text(encoding="utf-8"))
    versions = {name: rival.version for name, rival in rivals.items()}
    standing = bundle.case.standing
    return Judgement(
        verdict=document["verdict"],
        verdict_digest=digest_file(folder / "verdict.json"),
        evidence_digest=bundle.digest,
        bundle=folder.relative_to(desk.workspace.root).as_posix(),
        artifact=artifact,
        champion=versions.get("champion"),
        gold=versions.get("gold"),
        needs_person=document["needs_approval_by_person"],
        benchmark_digest=bundle.case.thresholds.benchmark_digest,
        protocol_digest=bundle.case.challenger.protocol_digest,
        evaluators=dict(bundle.case.thresholds.weights),
        expires_at=utc_now() + desk.policy.valid_for,
        limits=limits_in_force(bundle.case.thresholds, bundle.case.challenger),
        loosened=() if standing is None else standing.loosened,
        limits_changed=None if standing is None else standing.changed,
    )


def _standing_report(desk: Desk, release: Release, judgement: Judgement) -> str:
    path = desk.workspace.root / judgement.bundle / "report.md"
    if path.is_file():
        return path.read_text(encoding="utf-8")
    return f"# {judgement.verdict}\n\nversion {release.version} is {release.state.value}\n"
