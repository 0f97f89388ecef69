"""Say again what was called back: a draft of a new campaign with those who lost a file.

Nothing is spoken by it: somebody plans it with what is live by then, hears its proof sample and
approves it, as with any campaign.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from voxgate.batching import batched
from voxgate.campaigns.ports import CampaignStore, Selector
from voxgate.campaigns.records import Campaign, CampaignState, Recipient, Upload
from voxgate.files import digest_json

__all__ = ["Redo", "make_redo", "redo_id"]

_AT_ONCE = 1000
_LONGEST_ID = 60
_SUFFIX = "-redo"


@dataclass(frozen=True, kw_only=True)
class Redo:
    """A draft that says again what a campaign lost."""

    of: str
    campaign: Campaign
    upload: Upload


def redo_id(campaign_id: str) -> str:
    """Return the id of the campaign that says `campaign_id` again."""
    if len(campaign_id) + len(_SUFFIX) <= _LONGEST_ID:
        return campaign_id + _SUFFIX
    # Two long ids that begin alike must not be one campaign.
    return f"{campaign_id[:40]}-{digest_json(campaign_id)[:12]}{_SUFFIX}"


def make_redo(store: CampaignStore, campaign: Campaign, selector: Selector, *, owner: str) -> Redo:
    """Make the draft, or go on with it; the same again changes nothing.

    A campaign that was called back as a whole is said again as a whole, as no more of it is spoken;
    of another one only the cells are whose files a selector names. Who was erased stays so.

    Raises:
        CampaignStateError: another campaign has the name, or the draft was planned meanwhile.
        LedgerError, ExternalServiceError: the rows cannot be used.
    """
    lost = None if campaign.state is CampaignState.RECALLED else _lost(store, campaign, selector)
    name = redo_id(campaign.id)
    spec = {**campaign.spec, "campaign": name}
    made, _ = store.create(name, spec, owner=owner, weight=float(spec.get("weight", 1.0)))
    upload = f"redo-of-{campaign.id}-{digest_json(selector.given)[:12]}"
    rows = 0
    for batch in batched(_recipients(store, campaign.id, lost), _AT_ONCE):
        store.add_rows(name, upload, batch)
        rows += len(batch)
    return Redo(
        of=campaign.id,
        campaign=made,
        upload=store.end_upload(name, upload, rows=rows, owner=owner),
    )


def _lost(
    store: CampaignStore, campaign: Campaign, selector: Selector
) -> Mapping[str, Sequence[str]]:
    """Return by recipient the templates that have no file any more."""
    lost: dict[str, list[str]] = defaultdict(list)
    for cell in store.named_cells(selector):
        if cell.campaign == campaign.id and store.is_recalled(cell.asset_id):
            lost[cell.recipient_id].append(cell.template)
    return lost


def _recipients(
    store: CampaignStore, campaign_id: str, lost: Mapping[str, Sequence[str]] | None
) -> Iterator[Recipient]:
    after = 0
    while page := store.recipients(campaign_id, after=after, limit=_AT_ONCE):
        after = page[-1].number
        for recipient in page:
            if recipient.digest == "":
                continue  # erased
            templates = recipient.templates if lost is None else lost.get(recipient.recipient_id)
            if templates == recipient.templates:
                yield recipient
            elif templates:
                digest = digest_json([recipient.digest, *sorted(templates)])
                yield replace(recipient, templates=tuple(sorted(templates)), digest=digest)
