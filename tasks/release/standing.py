"""What a bundle says beside what was measured: limits against the ledger, the record, the trade."""

from __future__ import annotations

from dataclasses import replace

from tasks.measuring.thresholds import build_thresholds, read_calibration, takes_path
from voxgate.evaluation.evidence import Evidence, read_evidence
from voxgate.files import digest_file
from voxgate.gate.calibrated import doubt_takes
from voxgate.gate.limits import limits_in_force
from voxgate.gate.standing import Standing
from voxgate.gate.trade import Trade
from voxgate.params import Params
from voxgate.release.book import Book
from voxgate.release.desk import Desk
from voxgate.release.loosening import last_approved, loosened_since
from voxgate.release.records import Release
from voxgate.release.statements import standing_trade
from voxgate.stage import Workspace

__all__ = ["doubt_calibration", "state", "stated_trade"]


def state(
    desk: Desk, params: Params, book: Book, release: Release, challenger: Evidence
) -> Standing:
    """Ask the ledger and Git what a verdict on `release` has to say beside its figures."""
    limits = limits_in_force(build_thresholds(desk.workspace, params), challenger)
    looser = loosened_since(book, limits)
    said = None if desk.changed is None or not looser else desk.changed()
    return Standing(
        approved=last_approved(book) if looser else None,
        loosened=looser,
        changed=said,
        trade=standing_trade(book, stated_trade(params), desk.policy, release),
    )


def doubt_calibration(workspace: Workspace, standing: Standing, language: str = "en") -> Standing:
    """Hold the calibration record against the takes that are committed beside it.

    Raises:
        BundleError: one of them is broken.
    """
    record, path = read_calibration(workspace, language), takes_path(workspace, language)
    if record is None:
        return standing
    found = path.is_file()
    doubt = doubt_takes(
        record,
        read_evidence(path) if found else None,
        digest_file(path) if found else None,
    )
    return replace(standing, calibration=doubt)


def stated_trade(params: Params) -> Trade | None:
    """Return the rule of params.yaml."""
    rule = params.gate.trade
    return None if rule is None else Trade(**rule.model_dump())
