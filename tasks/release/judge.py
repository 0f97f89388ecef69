"""`judge`: set the candidate against what is live and against gold, and offer it for a decision."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from tasks.measuring.extension import MeasureBlocks, Sitting, covering
from tasks.measuring.rescore import Measure, comparable_evidence, package_of
from tasks.measuring.thresholds import build_thresholds, look_blocks
from tasks.release.gate import gate
from voxgate.clock import utc_now
from voxgate.errors import VersionLostError
from voxgate.evaluation.evidence import read_evidence
from voxgate.files import digest_file
from voxgate.gate.advice import DRAW_MORE
from voxgate.gate.bundle import read_bundle
from voxgate.params import Params
from voxgate.release import candidates
from voxgate.release.book import Book
from voxgate.release.desk import Desk
from voxgate.release.events import Draft
from voxgate.release.records import UNDECIDED, Judgement, Release

__all__ = ["Judged", "judge_candidate"]

RIVALS = ("champion", "gold")
CHALLENGER = "challenger"
ACTOR = "gate"

_log = logging.getLogger(__name__)


class Judged(NamedTuple):
    """The verdict, its report in Markdown, and what people decided against the voice before."""

    verdict: str
    report: str
    objections: tuple[str, ...] = ()


def judge_candidate(
    desk: Desk,
    params: Params,
    version: int,
    *,
    measure: Measure | None = None,
    extend: MeasureBlocks | None = None,
) -> Judged:
    """Write the evidence bundle, judge it, and bind the verdict to the version in the ledger.

    An INCONCLUSIVE verdict is looked at again with the next block of prompts, as long as the gate
    advises it: all voices of the comparison speak what they have not spoken yet. Every look is in
    the ledger; the last one is the verdict. The bundle is named by the candidate, by what it was
    compared with, and by the look: the same comparison gives the same folders and the same bytes,
    so that a run which was killed between looks ends like a whole one.

    A rival that was measured in another frame speaks again (`measure` replaces how, `extend` how
    more prompts are spoken). A candidate is judged on the measurements that it was registered
    with: the last decimals of a second measuring are no news. About a decided version the verdict
    that it was decided on stands.

    Raises:
        UnknownVersionError: the candidate is not registered.
        GateError: a compared version has no evidence, or cannot speak more prompts.
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
    comparison = _compare(desk, params, book, release, measure=measure, extend=extend)
    look = 1
    found = comparison.judge(look)
    while found.goes_on:
        comparison.note(found)
        look += 1
        found = comparison.judge(look)
    comparison.offer(found)
    desk.follow()
    desk.notify()
    return Judged(found.judgement.verdict, found.report + _said(objected), objected)


@dataclass(frozen=True, kw_only=True)
class _Look:
    """A look that was taken; `goes_on` says that the next one follows by itself."""

    judgement: Judgement
    report: str
    goes_on: bool


@dataclass(frozen=True, kw_only=True)
class _Comparison:
    """One candidate, what it is set against, and everything that looks at them share."""

    desk: Desk
    params: Params
    release: Release
    rivals: Mapping[str, Release]
    candidate: int
    evidence: Mapping[str, Path]
    extend: MeasureBlocks

    @property
    def label(self) -> str:
        return "-".join(f"{n}{rival.version}" for n, rival in self.rivals.items()) or "floors"

    def judge(self, look: int) -> _Look:
        """Let everybody speak the prompts of this look, write its bundle and store it."""
        workspace = self.desk.workspace
        covered = {name: self._covering(name, look) for name in self.evidence}
        label = self.label + (f"-look{look}" if look > 1 else "")
        folder = workspace.bundles_dir / f"{self.release.origin.candidate_digest[:16]}-{label}"
        verdict = gate(
            workspace,
            self.params,
            folder=folder,
            challenger=covered[CHALLENGER],
            champion=covered.get("champion"),
            gold=covered.get("gold"),
            look=look,
            candidate=self.candidate,
        )
        assert self.release.parent_run_id is not None
        self.desk.connect().store_folder(self.release.parent_run_id, folder, f"bundle/{label}")
        judgement = _judgement(self.desk, folder, self.rivals, artifact=f"bundle/{label}")
        advice = verdict.advice
        return _Look(
            judgement=judgement,
            report=(folder / "report.md").read_text(encoding="utf-8"),
            goes_on=advice is not None and advice.action == DRAW_MORE,
        )

    def note(self, found: _Look) -> None:
        """Enter a look that decided nothing."""
        judgement = found.judgement

        def look(book: Book, _now: datetime) -> Draft | None:
            reason = self._reason(judgement)
            return candidates.look(book, self.release.version, judgement, by=ACTOR, reason=reason)

        self.desk.append(look)
        _log.info("%s; the next look takes more prompts", self._reason(judgement))

    def offer(self, found: _Look) -> None:
        """Enter the verdict."""
        judgement = found.judgement

        def offer(book: Book, now: datetime) -> Draft | None:
            return candidates.judge(
                book,
                self.release.version,
                judgement,
                by=ACTOR,
                reason=self._reason(judgement),
                now=now,
            )

        self.desk.append(offer)

    def _reason(self, judgement: Judgement) -> str:
        counted = f"look {judgement.look}, candidate {judgement.candidate} of its champion"
        return f"{judgement.verdict} against {self.label} ({counted})"

    def _covering(self, name: str, look: int) -> Path:
        release = self.release if name == CHALLENGER else self.rivals[name]
        path, workspace = self.evidence[name], self.desk.workspace
        blocks = look_blocks(workspace, self.params, look=look, candidate=self.candidate)
        try:
            return covering(
                workspace,
                path,
                blocks,
                package=lambda: package_of(self.desk, release),
                measure=self.extend,
            )
        except VersionLostError as error:
            # The gate holds on evidence that covers too few prompts, and says which.
            _log.warning("version %d cannot speak more prompts: %s", release.version, error)
            return path


def _compare(
    desk: Desk,
    params: Params,
    book: Book,
    release: Release,
    *,
    measure: Measure | None,
    extend: MeasureBlocks | None,
) -> _Comparison:
    """Find out what the candidate is set against, and in which place."""
    rivals = _rivals(book, release)
    measured = _measured(desk, release)
    challenger = read_evidence(measured)
    champion = rivals.get("champion")
    return _Comparison(
        desk=desk,
        params=params,
        release=release,
        rivals=rivals,
        candidate=book.place(
            release.version,
            champion=None if champion is None else champion.version,
            benchmark_digest=build_thresholds(desk.workspace, params).benchmark_digest,
        ),
        evidence={
            CHALLENGER: measured,
            **{
                name: comparable_evidence(desk, params.evaluate, rival, challenger, measure=measure)
                for name, rival in rivals.items()
            },
        },
        extend=extend or Sitting(workspace=desk.workspace, params=params.evaluate),
    )


def _measured(desk: Desk, release: Release) -> Path:
    """Return the candidate's evidence: what it was registered with, in the frame of today."""
    path = desk.workspace.stage_dir("evaluate") / "evidence.json"
    if digest_file(path) == release.origin.evidence_digest:
        return path
    stored = desk.stored_evidence(release)
    same = read_evidence(stored).frame_digest == read_evidence(path).frame_digest
    return stored if same else path


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


def _judgement(
    desk: Desk, folder: Path, rivals: Mapping[str, Release], *, artifact: str
) -> Judgement:
    bundle = read_bundle(folder)
    document = json.loads((folder / "verdict.json").read_text(encoding="utf-8"))
    versions = {name: rival.version for name, rival in rivals.items()}
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
        look=bundle.case.thresholds.look,
        candidate=bundle.case.thresholds.candidate,
    )


def _standing_report(desk: Desk, release: Release, judgement: Judgement) -> str:
    path = desk.workspace.root / judgement.bundle / "report.md"
    if path.is_file():
        return path.read_text(encoding="utf-8")
    return f"# {judgement.verdict}\n\nversion {release.version} is {release.state.value}\n"
