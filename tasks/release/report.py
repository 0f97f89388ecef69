"""`report`: a verdict as one HTML file and the model card, here and in the registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from tasks.release.report_audio import Stored, collect_clips, collect_prompts, reference_clip
from tasks.release.report_changes import collect_changes
from tasks.release.report_decision import (
    count_training,
    describe_decision,
    describe_origin,
    find_speakers,
)
from tasks.release.report_pieces import Pieces
from voxgate.errors import UnknownVersionError
from voxgate.files import write_text
from voxgate.gate.bundle import Bundle, read_bundle
from voxgate.params import Params
from voxgate.release.book import Book
from voxgate.release.desk import Desk
from voxgate.release.ports.registry import Registry
from voxgate.release.records import PAGE_NAME, Release
from voxgate.reporting.document import Changes, Clip, Surroundings, Training
from voxgate.reporting.model_card import describe_version, render_card
from voxgate.reporting.page import render_page
from voxgate.stage import Workspace

__all__ = ["CARD_NAME", "Written", "publish_report", "write_bundle_report", "write_report"]

CARD_NAME = "model_card.md"


class Written(NamedTuple):
    """Where the page lies, and the card beside it; and what they could not show."""

    page: Path
    card: Path | None
    missing: tuple[str, ...]


def publish_report(desk: Desk, params: Params, version: int) -> Written:
    """Write the report beside the bundle, and let the registry show it with the version.

    Raises:
        UnknownVersionError: there is no such version, or no verdict on it.
        EvidenceChangedError: the bundle is not the one that the verdict rests on.
        ExternalServiceError: the registry could not be reached.
    """
    written = write_report(desk, params, version)
    release = desk.ledger.read(desk.model).require(version)
    if release.parent_run_id is not None and written.card is not None:
        desk.connect().show_report(
            desk.model,
            release.registry_version,
            run_id=release.parent_run_id,
            folder=written.page.parent,
            page=PAGE_NAME,
            description=describe_version(written.card.read_text(encoding="utf-8")),
        )
    return written


def write_report(desk: Desk, params: Params, version: int, *, out: Path | None = None) -> Written:
    """Write the page of a version's verdict to `out`, or with its model card beside the bundle.

    Raises:
        UnknownVersionError: there is no such version, or no verdict on it.
        EvidenceChangedError: the bundle is not the one that the verdict rests on.
        ExternalServiceError: the bundle is not here and cannot be fetched.
    """
    book = desk.ledger.read(desk.model)
    release = book.require(version)
    if release.judgement is None:
        raise UnknownVersionError(
            f"version {version} was not judged: there is no report; `voxgate run` judges it."
        )
    bundle = read_bundle(desk.require_evidence(release))
    around = _surroundings(desk, params, book, release, bundle)
    page = out or desk.workspace.root / release.judgement.page
    write_text(page, render_page(bundle, around))
    card = None if out is not None else page.with_name(CARD_NAME)
    if card is not None:
        write_text(card, render_card(bundle, around))
    return Written(page, card, around.missing)


def write_bundle_report(
    workspace: Workspace, params: Params | None, folder: Path, *, out: Path
) -> Written:
    """Write the page of a bundle alone, with the recordings of build/ where they are its own.

    Raises:
        BundleError: it is no bundle, or was altered.
    """
    bundle, pieces = read_bundle(folder), Pieces()
    around = Surroundings(missing=("the ledger and the registry were not asked",))
    if params is not None:
        stored = {subject: Stored(workspace=workspace) for subject in ("challenger", *_RIVALS)}
        around = _heard(workspace, params, bundle, stored, pieces)
        pieces.missing.append("the ledger and the registry were not asked")
        around = replace(around, missing=tuple(pieces.missing))
    write_text(out, render_page(bundle, around))
    return Written(out, None, around.missing)


_RIVALS = ("champion", "gold")


def _surroundings(
    desk: Desk, params: Params, book: Book, release: Release, bundle: Bundle
) -> Surroundings:
    workspace, pieces = desk.workspace, Pieces()
    assert release.judgement is not None
    versions = {"champion": release.judgement.champion, "gold": release.judgement.gold}
    rivals = {who: book.releases[v] for who, v in versions.items() if v is not None}
    registry = pieces.get("the registry", desk.connect)
    stored = {
        who: Stored(workspace=workspace, registry=registry, release=found)
        for who, found in {"challenger": release, **rivals}.items()
    }
    challenger = bundle.case.challenger
    speakers = pieces.get("consent records", lambda: find_speakers(workspace, release))
    counts = pieces.get(
        "counts of the training data", lambda: count_training(workspace, challenger)
    )
    return replace(
        _heard(workspace, params, bundle, stored, pieces),
        changes=_changes(desk, registry, release, rivals, pieces),
        decision=describe_decision(desk, release),
        training=Training(
            speakers=speakers or (),
            data_version=release.origin.data_version,
            counts=counts or {},
            trained_by=release.origin.trained_by,
        ),
        origin=describe_origin(release),
        missing=tuple(pieces.missing),
    )


def _heard(
    workspace: Workspace,
    params: Params,
    bundle: Bundle,
    stored: Mapping[str, Stored],
    pieces: Pieces,
) -> Surroundings:
    prompts = pieces.get("texts of the prompts", lambda: collect_prompts(workspace, params, bundle))
    reference = pieces.get("reference clip", lambda: reference_clip(workspace, bundle))
    return Surroundings(
        prompts=prompts or {},
        clips=collect_clips(bundle, stored, pieces),
        reference=reference or Clip(missing="it could not be had"),
    )


def _changes(
    desk: Desk,
    registry: Registry | None,
    release: Release,
    rivals: Mapping[str, Release],
    pieces: Pieces,
) -> Changes | None:
    """Compare with the champion; without one, with gold."""
    role = next(iter(rivals), None)
    if registry is None or role is None:
        return None
    return collect_changes(desk, registry, release, rivals[role], role=role, pieces=pieces)
