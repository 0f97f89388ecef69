"""Whether the gate would say again what the ledger says, known without asking it.

A verdict is a pure function of its bundle, and the ledger names the bundle by its digest. So the
verdict stands as long as a bundle of today would hold the same bytes: the same measurements, the
same rivals, the same rules.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tasks.measuring.thresholds import build_thresholds
from tasks.release.gate import Place, gate_rules
from tasks.release.report import CARD_NAME
from tasks.release.standing import state
from voxgate.clock import utc_now
from voxgate.evaluation.evidence import read_evidence
from voxgate.params import Params
from voxgate.release.audit import log
from voxgate.release.book import Book
from voxgate.release.desk import Desk
from voxgate.release.records import UNDECIDED, Judgement, Release

__all__ = ["stands"]

_RULES = ("calibration", "standing", "thresholds")
_UNJUDGED = "unjudged"


def stands(desk: Desk, params: Params, book: Book, release: Release) -> bool:
    """Tell whether judging a version again, with its own measurement, would change nothing.

    About a decided version the verdict that it was decided on stands. False says "ask the gate".

    Raises:
        EvidenceChangedError: the bundle is not the one that the ledger names.
        BundleError, ConfigError: the calibration record or the benchmark is broken.
    """
    judgement = release.judgement
    if judgement is None:
        return False
    if release.state not in UNDECIDED:
        return True
    folder = desk.workspace.root / judgement.bundle
    if release.is_expired(utc_now()) or not folder.is_dir():
        return False
    if _rivals(book, release) != (judgement.champion, judgement.gold):
        return False
    desk.require_evidence(release)
    return _has_rules(folder, _rules_today(desk, params, book, release)) and _is_reported(
        desk, release, judgement
    )


def _rivals(book: Book, release: Release) -> tuple[int | None, int | None]:
    """Return champion and gold as the ledger has them now.

    One that does not speak the language is none for the gate; then the gate is asked.
    """
    live, gold = (None if v == release.version else v for v in (book.live, book.gold))
    return live, gold


def _rules_today(desk: Desk, params: Params, book: Book, release: Release) -> dict[str, bytes]:
    judgement = release.judgement
    assert judgement is not None
    challenger = read_evidence(desk.workspace.stage_dir("evaluate") / "evidence.json")
    candidate = book.place(
        release.version,
        champion=judgement.champion,
        benchmark_digest=build_thresholds(desk.workspace, params).benchmark_digest,
    )
    standing = state(desk, params, book, release, challenger)
    place = Place(look=judgement.look, candidate=candidate, standing=standing)
    return gate_rules(desk.workspace, params, place)


def _has_rules(folder: Path, rules: dict[str, bytes]) -> bool:
    """Compare byte for byte; a language that could not be judged may be by now."""
    found = {
        path.stem: path.read_bytes()
        for path in folder.glob("*.json")
        if path.stem.partition(".")[0] in _RULES
    }
    return found == rules and not (folder / f"{_UNJUDGED}.json").exists()


def _is_reported(desk: Desk, release: Release, judgement: Judgement) -> bool:
    """Tell whether the page was written after the last thing that was said about the version."""
    page = desk.workspace.root / judgement.page
    if not page.is_file() or not page.with_name(CARD_NAME).is_file():
        return False
    written = datetime.fromtimestamp(page.stat().st_mtime, UTC)
    said = [e.at for e in log(desk.ledger.rows(), model=desk.model) if e.version == release.version]
    return all(at <= written for at in said)
