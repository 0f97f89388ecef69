"""Write what a campaign hands over, and tell whether what somebody has is what was written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.campaigns.create import templates_of
from tasks.campaigns.desk import CampaignDesk
from voxgate.campaigns.output.writing import OutputWriter, remove_outputs, verify_tables
from voxgate.campaigns.spec import parse_spec
from voxgate.clock import utc_now
from voxgate.wiring.speech_jobs import open_assets

__all__ = [
    "VerifiedOutput",
    "WrittenOutput",
    "forget_outputs",
    "verify_output",
    "write_output",
]


@dataclass(frozen=True, kw_only=True)
class WrittenOutput:
    """Where tables and report are. `is_new`: this digest was not recorded before."""

    folder: Path
    digest: str
    cells: int
    rejected: int
    is_new: bool

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {**vars(self), "folder": str(self.folder)}


@dataclass(frozen=True, kw_only=True)
class VerifiedOutput:
    """Whether tables were recorded, by which event; `is_latest`: none was recorded since."""

    folder: Path
    digest: str
    sequence: int | None
    reported_at: str | None
    is_latest: bool

    @property
    def is_recorded(self) -> bool:
        """Whether the chain of events knows these tables."""
        return self.sequence is not None

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {**vars(self), "folder": str(self.folder), "is_recorded": self.is_recorded}


def write_output(desk: CampaignDesk, campaign_id: str) -> WrittenOutput:
    """Write tables and report of how a campaign stands; the digest is recorded once.

    Raises:
        UnknownCampaignError: there is none.
        CampaignReportError: its counts do not add up; nothing is written.
        CampaignStateError: it was changed again and again meanwhile.
        ConfigError, StorageError, ExternalServiceError, LedgerError: disk, files or rows cannot be
            used.
    """
    checkout = desk.checkout
    spec = parse_spec(dict(desk.store.campaign(campaign_id).spec), campaign_id)
    writer = OutputWriter(
        store=desk.store,
        assets=open_assets(checkout.settings, checkout.workspace),
        spec=spec,
        templates=templates_of(spec),
        outputs=checkout.workspace.campaign_outputs(campaign_id),
        clock=utc_now,
    )
    return WrittenOutput(**vars(writer.write(actor=desk.by)))


def verify_output(desk: CampaignDesk, campaign_id: str, folder: Path) -> VerifiedOutput:
    """Tell whether the tables in a folder are what was recorded for a campaign.

    Raises:
        UnknownCampaignError: there is none.
        CampaignReportError: the folder has no whole tables, or CSV and Parquet differ.
        LedgerTamperedError: the events are not what was appended.
    """
    found = verify_tables(desk.store, campaign_id, folder)
    return VerifiedOutput(
        folder=folder,
        digest=found.digest,
        sequence=None if found.event is None else found.event.sequence,
        reported_at=None if found.event is None else found.event.at.isoformat(),
        is_latest=found.is_latest,
    )


def forget_outputs(desk: CampaignDesk, campaign_ids: Iterable[str]) -> int:
    """Remove every output of campaigns from this checkout; returns how many there were.

    For recalls and erasures: a page plays, and a table names, what was taken back.

    Raises:
        StorageError: one cannot be removed.
    """
    workspace = desk.checkout.workspace
    return sum(remove_outputs(workspace.campaign_outputs(one)) for one in campaign_ids)
