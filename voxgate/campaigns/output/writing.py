"""Write the output of a campaign: tables and report, in a folder named by the tables' digest.

The same state gives the same folder again, with addresses that are good from now. Tables and
audio of before a recall or an erasure are removed with the next output: what was called back must
not lie about.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from voxgate.campaigns.events import Draft, Event, Kind
from voxgate.campaigns.output.columns import REJECTED, cell_table, name_tables
from voxgate.campaigns.output.pages import render_markdown, render_page
from voxgate.campaigns.output.report import Findings, build_report
from voxgate.campaigns.output.rows import CellRows, rejected_row
from voxgate.campaigns.output.survey import survey_sentences
from voxgate.campaigns.output.tables import digest_output, write_rows
from voxgate.campaigns.output.tally import Tally, require_sums
from voxgate.campaigns.ports import CampaignStore
from voxgate.campaigns.records import Campaign, CampaignState, Cell, CellState
from voxgate.campaigns.spec import CampaignSpec
from voxgate.campaigns.templates.template import Template
from voxgate.errors import CampaignStateError, StorageError
from voxgate.files import publish_directory, write_json, write_text
from voxgate.private_files import make_private_folder
from voxgate.serving.jobs.assets import UnknownAssetError
from voxgate.serving.jobs.ports import AssetStore
from voxgate.temporaries import scratch_directory

__all__ = ["Output", "OutputWriter", "Verified", "remove_outputs", "verify_tables"]

_TRIES = 3
_DAY_S = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class Output:
    """What was written. `is_new`: the digest was not in the chain of events before."""

    folder: Path
    digest: str
    cells: int
    rejected: int
    is_new: bool


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What the tables of a folder say: their digest, and the event that recorded it, if any does.

    `is_latest`: no other digest was recorded for the campaign since.
    """

    digest: str
    event: Event | None
    is_latest: bool


@dataclass(frozen=True, kw_only=True)
class OutputWriter:
    """Writes the outputs of one campaign into folders below `outputs`."""

    store: CampaignStore
    assets: AssetStore
    spec: CampaignSpec
    templates: Mapping[str, Template]
    outputs: Path
    clock: Callable[[], datetime]

    def write(self, *, actor: str) -> Output:
        """Write tables and report, and record the tables' digest; the same digest is once recorded.

        Raises:
            UnknownCampaignError: there is none.
            CampaignReportError: its counts do not add up; nothing is left of the output.
            CampaignStateError: it was changed again and again meanwhile.
            StorageError, ExternalServiceError, LedgerError: disk, files or rows cannot be used.
        """
        make_private_folder(self.outputs.parent)
        with scratch_directory(self.outputs) as scratch:
            found = self._write_tables(scratch)
            report = build_report(found)
            write_json(scratch / "report.json", report)
            write_text(scratch / "report.md", render_markdown(report))
            write_text(scratch / "report.html", render_page(report, self._audio(found)))
            folder = self.outputs / found.digest[:32]
            with publish_directory(folder) as place:
                for file in scratch.iterdir():
                    file.rename(place / file.name)
        tally, is_new = found.tally, self._record(found, actor)
        if tally.states[CellState.ERASED] or tally.states[CellState.RECALLED]:
            remove_outputs(self.outputs, keep=folder)
        return Output(
            folder=folder,
            digest=found.digest,
            cells=tally.cells,
            rejected=tally.rejected.counts.total(),
            is_new=is_new,
        )

    def _write_tables(self, folder: Path) -> Findings:
        """Write tables of one standing: whoever changes the campaign meanwhile has them redone."""
        store, name, keep_texts = self.store, self.spec.campaign, self.spec.keep_texts
        for _ in range(_TRIES):
            campaign, events = store.campaign(name), store.events(name)
            counts, now, tally = store.counts(name), self.clock(), Tally()
            rows = self._rows(campaign, now)
            table = cell_table(keep_texts=keep_texts)
            cells = write_rows(folder, table, self._cells(campaign, rows, tally))
            rejected = write_rows(folder, REJECTED, self._rejected(tally))
            survey = survey_sentences(store, name, keep_texts=keep_texts)
            counts_after = store.counts(name)
            if (campaign, events) == (store.campaign(name), store.events(name)):
                require_sums(name, tally, counts_after, still=counts == counts_after)
                return Findings(
                    campaign=campaign,
                    spec=self.spec,
                    counts=counts_after,
                    tally=tally,
                    survey=survey,
                    events=events,
                    digest=name_tables(cells, rejected),
                    now=now,
                )
        raise CampaignStateError(
            f"campaign {self.spec.campaign} was changed {_TRIES} times while its table was "
            "written: ask for the report again"
        )

    def _rows(self, campaign: Campaign, now: datetime) -> CellRows:
        days = self.spec.address_days
        return CellRows(
            campaign=campaign,
            templates=self.templates,
            address=lambda asset_id: self.assets.url(asset_id, ttl_s=days * _DAY_S),
            expires=now + timedelta(days=days),
            keep_texts=self.spec.keep_texts,
        )

    def _cells(self, campaign: Campaign, rows: CellRows, tally: Tally) -> Iterator[dict[str, Any]]:
        draft = campaign.state is CampaignState.DRAFT
        for cell in self._drafted() if draft else self.store.each_cell(campaign.id):
            tally.add(cell)
            yield rows.row(cell)

    def _drafted(self) -> Iterator[Cell]:
        """Yield the cells that a draft will have, from its recipients."""
        after = 0
        while page := self.store.recipients(self.spec.campaign, after=after):
            for one in page:
                erased = not one.digest
                for template in one.templates:
                    yield Cell(
                        number=one.number,
                        recipient_id=one.recipient_id,
                        template=template,
                        state=CellState.ERASED if erased else CellState.ACCEPTED,
                        values=None if erased else one.values,
                        proof=False,
                        render=None,
                        asset_id=None,
                        fault=None,
                        output=None,
                        shared_with=0,
                        attempt=0,
                        started_at_s=None,
                        completed_at_s=None,
                        recalled_at_s=None,
                        recall_reason=None,
                    )
            after = page[-1].number

    def _rejected(self, tally: Tally) -> Iterator[dict[str, Any]]:
        after = 0
        while page := self.store.rejections(self.spec.campaign, after=after):
            for upload, rejection in page:
                row = rejected_row(self.spec.campaign, upload, rejection)
                tally.add_rejected(row)
                yield row
            after += len(page)

    def _audio(self, found: Findings) -> dict[str, bytes]:
        """Return what may be heard of the worst sentences; nothing that was called back."""
        if found.campaign.state is CampaignState.RECALLED or not found.survey.worst:
            return {}
        audio = {}
        for asset_id in (one["asset_id"] for one in found.survey.worst):
            if not self.store.is_recalled(asset_id):
                with suppress(UnknownAssetError):
                    audio[asset_id] = b"".join(self.assets.read(asset_id))
        return audio

    def _record(self, found: Findings, actor: str) -> bool:
        if _recorded(found.events, found.digest) is not None:
            return False
        facts = {
            "digest": found.digest,
            "cells": found.tally.cells,
            "rejected": found.tally.rejected.counts.total(),
            "state": found.campaign.state.value,
        }
        draft = Draft(
            kind=Kind.REPORTED, campaign=found.campaign.id, actor=actor, reason="", facts=facts
        )
        self.store.append(draft)
        return True


def verify_tables(store: CampaignStore, campaign_id: str, folder: Path) -> Verified:
    """Tell whether the tables in a folder are ones that were recorded for a campaign.

    Raises:
        UnknownCampaignError: there is none.
        CampaignReportError: the folder has no whole tables, or CSV and Parquet differ.
        LedgerTamperedError: the events are not what was appended.
    """
    digest = digest_output(folder)
    events = store.events(campaign_id)
    reported = [event for event in events if event.kind is Kind.REPORTED]
    return Verified(
        digest=digest,
        event=_recorded(events, digest),
        is_latest=bool(reported) and reported[-1].facts["digest"] == digest,
    )


def remove_outputs(outputs: Path, *, keep: Path | None = None) -> int:
    """Remove the outputs of a campaign but one; returns how many. Their digests stay recorded.

    Raises:
        StorageError: one cannot be removed.
    """
    if not outputs.is_dir():
        return 0
    gone = [one for one in outputs.iterdir() if not one.name.startswith(".") and one != keep]
    for folder in gone:
        try:
            shutil.rmtree(folder)
        except OSError as error:
            raise StorageError(f"{folder} cannot be removed: {error.strerror}") from error
    return len(gone)


def _recorded(events: Sequence[Event], digest: str) -> Event | None:
    return next(
        (e for e in events if e.kind is Kind.REPORTED and e.facts.get("digest") == digest), None
    )
