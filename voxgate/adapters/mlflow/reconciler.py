"""Make the registry follow the ledger, and never the other way without a decision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from voxgate.adapters.mlflow.registry import model_tags, versions
from voxgate.adapters.mlflow.restoration import restore_version
from voxgate.adapters.mlflow.store import MlflowStore, reporting_outages
from voxgate.errors import LedgerTamperedError, VersionLostError
from voxgate.hash_chain import find_breaks
from voxgate.release.audit import log
from voxgate.release.book import Book
from voxgate.release.events import Row
from voxgate.release.ports.leases import Lease
from voxgate.release.ports.ledger import Ledger
from voxgate.release.projection import (
    Drift,
    Projection,
    Shown,
    find_drifts,
    project_book,
)
from voxgate.release.records import Release

__all__ = ["HEAD_TAG", "catch_up", "examine", "examine_files", "repair", "shown_by"]

HEAD_TAG = "voxgate.ledger_head"
"""Tag of the registered model: the last event that the registry followed, outside the ledger."""

MAX_ROUNDS = 5
"""Rounds of catching up with a ledger that goes on; what is left waits for the next command."""


def shown_by(store: MlflowStore, model: str) -> Shown:
    """Return what the registry shows of a model; nothing when it is not registered."""
    rows = versions(store, model)
    with reporting_outages(store.tracking_uri):
        tags = model_tags(store, model) if rows else {}
        exists = bool(rows) or bool(store.client.search_registered_models(f"name='{model}'"))
    return Shown(
        aliases={alias: row.version for row in rows for alias in row.aliases},
        versions={row.version: row.tags for row in rows},
        head=tags.get(HEAD_TAG),
        exists=exists,
    )


def examine(ledger: Ledger, shown: Shown, model: str, *, now: datetime) -> tuple[Drift, ...]:
    """Return how the registry, which was looked at before, differs from the ledger.

    Raises:
        LedgerTamperedError: the registry followed an event that the ledger does not have.
    """
    rows = ledger.rows()
    book = Book.of(model, log(rows, model=model))
    wanted, earlier = project_book(book, now=now), _earlier(model, rows, shown, now)
    return tuple(find_drifts(wanted, earlier, shown, book))


def examine_files(
    ledger: Ledger, shown: Shown, model: str, require: Callable[[Release], None]
) -> tuple[Drift, ...]:
    """Return which of the versions that matter serve other files than were registered.

    `require` raises VersionLostError where those of a version that is shown are not the ones.

    Those are what is live, what a rollback goes to, and gold. An account that may train can
    overwrite or delete artifacts: MLflow knows no right to one run alone.

    Raises:
        ExternalServiceError: the registry does not answer.
    """
    book = ledger.read(model)
    named = {"champion": book.live, "previous": book.previous, "gold": book.gold}
    drifts: dict[int, Drift] = {}
    for alias, version in named.items():
        if version is None or version in drifts:
            continue
        release = book.releases[version]
        if release.registry_version not in shown.versions:
            continue  # deleted or renamed: reported as lost
        try:
            require(release)
        except VersionLostError as error:
            drifts[version] = Drift(
                code="files_differ",
                subject=alias,
                expected=release.origin.model_digest,
                found=None,
                by_hand=True,
                message=f"the files of version {version} ({alias}) in the registry are not those "
                f"that were judged and released: {error}",
            )
    return tuple(drifts.values())


def catch_up(ledger: Ledger, store: MlflowStore, model: str, *, now: datetime) -> tuple[Drift, ...]:
    """Bring what lags behind up to date; returns what was changed by hand, untouched.

    The head is written last: after a crash the same comparison finds the rest. When the ledger
    went on meanwhile, what was just written here may already be old, so it is compared again.

    Raises:
        LedgerTamperedError: the registry followed an event that the ledger does not have.
    """
    written: Projection | None = None
    for _ in range(MAX_ROUNDS):
        shown, rows = shown_by(store, model), ledger.rows()
        book = Book.of(model, log(rows, model=model))
        wanted = project_book(book, now=now)
        earlier = written or _earlier(model, rows, shown, now)
        drifts = find_drifts(wanted, earlier, shown, book)
        _apply(store, model, [drift for drift in drifts if not drift.by_hand])
        if ledger.read(model).last_event == book.last_event:
            break
        written = wanted
    _remember_head(store, model, shown, book)
    return tuple(drift for drift in drifts if drift.by_hand)


def repair(
    ledger: Ledger, store: MlflowStore, model: str, *, by: str, now: datetime, lease: Lease
) -> tuple[Drift, ...]:
    """Undo hand edits and restore lost versions; returns what was repaired.

    `lease` keeps other repairs of the model away.

    Raises:
        VersionLostError: a deleted version's package is not in the artifact store any more.
        LeaseLostError: another repair may have begun.
    """
    drifts = examine(ledger, shown_by(store, model), model, now=now)
    for drift in drifts:
        if drift.code == "version_lost":
            restore_version(ledger, store, model, number=drift.expected, by=by, lease=lease)
    book = ledger.read(model)  # before the look: what comes later is caught up with later
    remaining = examine(ledger, shown_by(store, model), model, now=now)
    lease.assert_held()
    _apply(store, model, remaining)
    _remember_head(store, model, shown_by(store, model), book)
    return (*[drift for drift in drifts if drift.code == "version_lost"], *remaining)


def _earlier(model: str, rows: Sequence[Row], shown: Shown, now: datetime) -> Projection:
    """Return what the registry was made to show when it followed the ledger last."""
    if shown.head is None:
        return Projection()
    findings = find_breaks(rows, [shown.head])
    if findings:
        raise LedgerTamperedError(
            f"the registry followed the ledger up to event {shown.head[:20]}, and the ledger does "
            f"not agree: {findings[0].message}. It was altered, cut off, or it is not the ledger "
            "of this registry: check VOXGATE_LEDGER_URL, run `voxgate audit verify`, restore the "
            f"ledger from a backup. If it is lost for good, delete the tag {HEAD_TAG} of the "
            "registered model by hand."
        )
    sequence = int(shown.head.partition(":")[0])
    events = [event for event in log(rows, model=model) if event.sequence <= sequence]
    return project_book(Book.of(model, events), now=now)


def _apply(store: MlflowStore, model: str, drifts: Sequence[Drift]) -> None:
    client = store.client
    with reporting_outages(store.tracking_uri):
        for drift in drifts:
            if drift.code == "tag_differs":
                number, _, name = drift.subject.partition(":")
                client.set_model_version_tag(model, number, name, drift.expected)
            elif drift.code in ("alias_wrong_case", "alias_unexpected"):
                client.delete_registered_model_alias(model, drift.subject)
            elif drift.code in ("alias_missing", "alias_moved"):
                client.set_registered_model_alias(model, drift.subject, str(drift.expected))


def _remember_head(store: MlflowStore, model: str, shown: Shown, book: Book) -> None:
    last = book.last_event
    if last is not None and shown.versions and shown.head != last.head:
        with reporting_outages(store.tracking_uri):
            store.client.set_registered_model_tag(model, HEAD_TAG, last.head)
