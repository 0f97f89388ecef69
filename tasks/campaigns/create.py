"""Make a campaign of its file, and give it recipients; the same again adds nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tasks.campaigns.desk import CampaignDesk
from voxgate.batching import batched
from voxgate.campaigns.lists.recipients import (
    ListWarning,
    RecipientRow,
    RejectedRow,
    read_recipients,
)
from voxgate.campaigns.records import Campaign, Fault, Recipient, Rejection, Upload
from voxgate.campaigns.spec import CampaignSpec, parse_spec
from voxgate.campaigns.templates.advice import Advice, advise
from voxgate.campaigns.templates.parsing import parse_template
from voxgate.campaigns.templates.template import Template, shared_slots
from voxgate.errors import RecipientListError, TemplateError
from voxgate.files import digest_file
from voxgate.text.front_ends import open_front_end

__all__ = ["Added", "Created", "add_recipients", "create", "templates_of"]

_BATCH = 1000


@dataclass(frozen=True, kw_only=True)
class Created:
    """A campaign that was made, or was there; and what the linter says of its templates."""

    campaign: Campaign
    is_new: bool
    advice: tuple[Advice, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "campaign": self.campaign.id,
            "state": self.campaign.state.value,
            "is_new": self.is_new,
            "advice": [asdict(one) for one in self.advice],
        }


@dataclass(frozen=True, kw_only=True)
class Added:
    """What became of a list, and what is odd about it."""

    upload: Upload
    warnings: tuple[ListWarning, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {**asdict(self.upload), "warnings": [asdict(one) for one in self.warnings]}


def create(desk: CampaignDesk, spec: CampaignSpec) -> Created:
    """Make a draft of a campaign file that was read.

    Raises:
        TemplateError: its templates cannot be used; all of their faults are listed.
        CampaignStateError: there is another campaign of this name.
    """
    templates = templates_of(spec)
    campaign, is_new = desk.store.create(
        spec.campaign, spec.as_json(), owner=desk.by, weight=spec.weight
    )
    return Created(campaign=campaign, is_new=is_new, advice=advise(templates.values()))


def templates_of(spec: CampaignSpec) -> dict[str, Template]:
    """Return the templates of a campaign file.

    Raises:
        TemplateError: some cannot be used; all faults of all of them are listed.
    """
    front_end = open_front_end("en")
    templates, faults = {}, []
    for name, one in spec.templates.items():
        try:
            templates[name] = parse_template(name, one.text, dict(one.slots), front_end)
        except TemplateError as error:
            faults += [f"{name}: {fault}" for fault in error.faults]
    if faults:
        raise TemplateError(f"campaign {spec.campaign}", faults)
    shared_slots(templates.values())
    return templates


def add_recipients(desk: CampaignDesk, campaign_id: str, file: Path) -> Added:
    """Add the rows of a list; it is named by its content, so that the same list adds nothing.

    Raises:
        UnknownCampaignError: there is none.
        CampaignStateError: it is planned, and there is something to add.
        RecipientListError: the file is no list at all.
    """
    campaign = desk.store.campaign(campaign_id)
    try:
        name = digest_file(file)
    except OSError as error:
        raise RecipientListError(
            "recipient list", [f"{file} cannot be read: {error.strerror}"]
        ) from None
    known = desk.store.upload(campaign_id, name)
    if known is not None and known.complete:
        return Added(upload=known)
    templates = templates_of(parse_spec(dict(campaign.spec), campaign_id))
    warnings: list[ListWarning] = []
    rows = 0
    found = read_recipients(file, templates, on_warning=warnings.append)
    for batch in batched(map(_row, found), _BATCH):
        desk.store.add_rows(campaign_id, name, batch)
        rows += len(batch)
    upload = desk.store.end_upload(campaign_id, name, rows=rows, owner=desk.by)
    return Added(upload=upload, warnings=tuple(warnings))


def _row(row: RecipientRow | RejectedRow) -> Recipient | Rejection:
    if isinstance(row, RejectedRow):
        fault = Fault(code=row.code, detail=row.detail)
        return Rejection(number=row.number, recipient_id=row.recipient_id, fault=fault)
    return Recipient(
        number=row.number,
        recipient_id=row.recipient_id,
        templates=row.templates,
        values={slot: value.as_json() for slot, value in row.values.items()},
        digest=row.digest,
    )
