"""`comparison`: one candidate beside champion and gold, look by look."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tasks.measuring.extension import MeasureBlocks, Sitting, covering
from tasks.measuring.rescore import Measure, comparable_evidence, package_of
from tasks.measuring.seals import LedgerSeals
from tasks.measuring.thresholds import build_thresholds, look_blocks
from tasks.release.gate import gate
from tasks.release.languages import FurtherLanguage, MeasureIn, further_languages, speaks
from tasks.release.standing import state
from voxgate.clock import utc_now
from voxgate.errors import EvidenceChangedError, VersionLostError
from voxgate.evaluation.evidence import read_evidence
from voxgate.files import digest_file
from voxgate.gate.advice import DRAW_MORE
from voxgate.gate.bundle import read_bundle
from voxgate.gate.limits import limits_in_force
from voxgate.gate.standing import Standing
from voxgate.params import Params
from voxgate.release import candidates
from voxgate.release.book import Book
from voxgate.release.desk import Desk
from voxgate.release.events import Draft
from voxgate.release.records import Judgement, Release

__all__ = ["Comparison", "Look", "compare"]

RIVALS = ("champion", "gold")
CHALLENGER = "challenger"
ACTOR = "gate"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Look:
    """A look that was taken; `goes_on` says that the next one follows by itself."""

    judgement: Judgement
    report: str
    goes_on: bool


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One candidate, what it is set against, and everything that looks at them share."""

    desk: Desk
    params: Params
    release: Release
    rivals: Mapping[str, Release]
    candidate: int
    evidence: Mapping[str, Path]
    extend: MeasureBlocks
    standing: Standing
    further: Mapping[str, FurtherLanguage] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Name what the candidate is set against."""
        return "-".join(f"{n}{rival.version}" for n, rival in self.rivals.items()) or "floors"

    def judge(self, look: int) -> Look:
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
            rivals={name: covered[name] for name in self.rivals},
            look=look,
            candidate=self.candidate,
            standing=self.standing,
            further={
                language: there.spoken(
                    {CHALLENGER: self.release, **self.rivals}, look=look, candidate=self.candidate
                )
                for language, there in self.further.items()
            },
        )
        assert self.release.parent_run_id is not None
        self.desk.connect().store_folder(self.release.parent_run_id, folder, f"bundle/{label}")
        judgement = _judgement(self.desk, folder, self.rivals, artifact=f"bundle/{label}")
        advice = verdict.advice
        return Look(
            judgement=judgement,
            report=(folder / "report.md").read_text(encoding="utf-8"),
            goes_on=advice is not None and advice.action == DRAW_MORE,
        )

    def note(self, found: Look) -> str:
        """Enter a look that decided nothing; returns how it ended."""
        judgement = found.judgement
        reason = self._reason(judgement)

        def look(book: Book, _now: datetime) -> Draft | None:
            return candidates.look(book, self.release.version, judgement, by=ACTOR, reason=reason)

        self.desk.append(look)
        return reason

    def offer(self, found: Look) -> None:
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

    def announce(self, look: int) -> str:
        """Say what the next look costs."""
        before, rules = (
            build_thresholds(self.desk.workspace, self.params, look=each, candidate=self.candidate)
            for each in (look - 1, look)
        )
        more = len(rules.prompts) - len(before.prompts)
        return f"look {look} of {rules.max_looks}: {more} more prompts"

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
                seals=LedgerSeals(self.desk),
            )
        except VersionLostError as error:
            # The gate holds on evidence that covers too few prompts, and says which.
            _log.warning("version %d cannot speak more prompts: %s", release.version, error)
            return path


def compare(
    desk: Desk,
    params: Params,
    book: Book,
    release: Release,
    *,
    measure: Measure | None,
    extend: MeasureBlocks | None,
    extend_in: MeasureIn | None = None,
) -> Comparison:
    """Find out what the candidate is set against, and in which place.

    A rival that does not speak the candidate's language is none.
    """
    measured = _measured(desk, release)
    challenger = read_evidence(measured)
    rivals = _rivals(desk, book, release, challenger.language)
    champion = rivals.get("champion")
    return Comparison(
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
        standing=state(desk, params, book, release, challenger),
        further=further_languages(desk, params, challenger, measure=extend_in),
    )


def _rivals(desk: Desk, book: Book, release: Release, language: str) -> dict[str, Release]:
    """Return what the ledger says is live and gold, but never the candidate itself."""
    named = dict(zip(RIVALS, (book.live, book.gold), strict=True))
    rivals = {}
    for name, version in named.items():
        if version is None or version == release.version:
            continue
        if speaks(desk, book.releases[version], language):
            rivals[name] = book.releases[version]
        else:
            _log.warning(
                "%s, version %d, does not speak %s: it is no rival there", name, version, language
            )
    return rivals


def _judgement(
    desk: Desk, folder: Path, rivals: Mapping[str, Release], *, artifact: str
) -> Judgement:
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
        look=bundle.case.thresholds.look,
        candidate=bundle.case.thresholds.candidate,
        limits=limits_in_force(bundle.case.thresholds, bundle.case.challenger),
        loosened=() if standing is None else standing.loosened,
        limits_changed=None if standing is None else standing.changed,
    )


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
    if not LedgerSeals(desk).holds(str(here.model.get("digest")), here.frame_digest, path):
        raise EvidenceChangedError(
            f"{path} is neither what version {release.version} was registered with nor what the "
            "last run measured: it was altered. `voxgate run` measures it again."
        )
    return path
