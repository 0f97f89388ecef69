"""Call back what was delivered, forget a recipient, and make what says it again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tasks.campaigns.desk import CampaignDesk, open_campaign_desk
from tasks.campaigns.output import forget_outputs
from tasks.release.notifications import raise_alarms
from tasks.release.promote import quarantine
from voxgate.campaigns.ports import Selector
from voxgate.campaigns.recall import recalling
from voxgate.campaigns.recall.recalling import Recalled, RecallTools, recalled_campaigns
from voxgate.campaigns.recall.redo import Redo, make_redo, redo_id
from voxgate.campaigns.records import Campaign, Pinned
from voxgate.campaigns.spec import parse_spec
from voxgate.errors import (
    ConfigError,
    ExternalServiceError,
    LedgerError,
    RegistryError,
    StorageError,
    VoxgateError,
)
from voxgate.release.alarms import Alarm
from voxgate.wiring.caches import open_cache_purge
from voxgate.wiring.campaign_voices import choose_voice
from voxgate.wiring.speaking_desk import speaking_code
from voxgate.wiring.speech_jobs import open_assets, open_fetch_log, open_job_store

__all__ = [
    "NotRedone",
    "Redone",
    "call_back",
    "erase",
    "make_selector",
    "open_recall_tools",
    "recall",
    "redo",
]

_AWAY = (ExternalServiceError, LedgerError, RegistryError, StorageError)


@dataclass(frozen=True, kw_only=True)
class NotRedone:
    """A campaign that is not said again, and why."""

    campaign: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Redone:
    """The drafts that say again what was called back."""

    drafts: tuple[Redo, ...]
    not_redone: tuple[NotRedone, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "drafts": [
                {
                    "campaign": one.campaign.id,
                    "of": one.of,
                    "state": one.campaign.state.value,
                    "recipients": one.upload.rows,
                }
                for one in self.drafts
            ],
            "not_redone": [asdict(one) for one in self.not_redone],
        }


def make_selector(desk: CampaignDesk, **given: Any) -> Selector:
    """Return what is meant; a version without a model is one of this checkout's.

    Raises:
        ConfigError: nothing is given.
    """
    if given.get("version") is not None and given.get("model") is None:
        given["model"] = desk.checkout.params.gate.model_name
    try:
        return Selector(**given)
    except ValueError as error:
        raise ConfigError("recall", [f"{error}, such as --campaign or --model-version"]) from None


def recall(
    desk: CampaignDesk, selector: Selector, *, reason: str, dry_run: bool = False
) -> Recalled:
    """Call back what a selector names, for good; the same again finishes what a fault left.

    A dry run changes nothing but its list of what was fetched.

    Raises:
        ConfigError: settings cannot be used, or there is no reason, which a dry run needs not.
        UnknownCampaignError: the selector names a campaign that there is none of.
        LedgerError, ExternalServiceError, StorageError: nothing is changed.
    """
    if not dry_run:
        _require_reason(reason)
    if selector.campaign is not None:
        desk.store.campaign(selector.campaign)
    found = recalling.recall(open_recall_tools(desk), selector, reason=reason, dry_run=dry_run)
    if not dry_run:
        forget_outputs(desk, found.campaigns)
    return found


def erase(
    desk: CampaignDesk, recipient_id: str, *, campaign_id: str | None, reason: str
) -> Recalled:
    """Forget a recipient in one campaign, or in all; the same again finishes what a fault left.

    Raises:
        ConfigError: settings cannot be used, or there is no reason.
        UnknownCampaignError: there is no such campaign.
        LedgerError, ExternalServiceError, StorageError: nothing is changed.
    """
    _require_reason(reason)
    tools = open_recall_tools(desk)
    found = recalling.erase(tools, recipient_id, campaign_id=campaign_id, reason=reason)
    forget_outputs(desk, found.campaigns)
    return found


def redo(desk: CampaignDesk, selector: Selector) -> Redone:
    """Make drafts of what recalls of these things took, where it would sound otherwise now.

    Raises:
        CampaignStateError: a draft of such a name is another campaign, or was planned meanwhile.
        LedgerError, ExternalServiceError: the rows cannot be used.
    """
    drafts, not_redone = [], []
    for campaign_id in recalled_campaigns(desk.store, selector):
        campaign = desk.store.campaign(campaign_id)
        why = _why_the_same(desk, campaign)
        if why is None:
            drafts.append(make_redo(desk.store, campaign, selector, owner=desk.by))
        else:
            not_redone.append(NotRedone(campaign=campaign_id, why=why))
    return Redone(drafts=tuple(drafts), not_redone=tuple(not_redone))


def call_back(
    root: Path, campaign_id: str, *, asset: str | None, reason: str, dry_run: bool, by: str
) -> Recalled:
    """Call back a campaign of a checkout, or one file of it; implements `recall_routes.CallBack`.

    Raises:
        UnknownCampaignError: there is no such campaign.
        ConfigError, LedgerError, ExternalServiceError, StorageError: nothing is changed.
    """
    desk = open_campaign_desk(root, by=by)
    selector = Selector(campaign=campaign_id, asset=asset)
    return recall(desk, selector, reason=reason, dry_run=dry_run)


def open_recall_tools(desk: CampaignDesk) -> RecallTools:
    """Open what a recall changes.

    Raises:
        ConfigError: settings cannot be used.
        LedgerError, ExternalServiceError, StorageError: a part cannot be opened.
    """
    checkout = desk.checkout
    settings, workspace = checkout.settings, checkout.workspace

    def condemn(model: str, version: int, reason: str) -> None:
        ours = checkout.params.gate.model_name
        if model != ours:
            raise ConfigError("--model", [f"only {ours} is released here, not {model}"])
        quarantine(checkout.desk, version, by=desk.by, reason=reason)

    def tell(alarm: Alarm) -> None:
        raise_alarms(checkout.desk, [alarm])  # what does not get through waits in the outbox

    return RecallTools(
        store=desk.store,
        assets=open_assets(settings, workspace),
        jobs=open_job_store(settings, checkout.root),
        fetches=open_fetch_log(settings, checkout.root),
        caches=open_cache_purge(settings),
        condemn=condemn,
        tell=tell,
        folder=workspace.recalls_dir,
        actor=desk.by,
    )


def _why_the_same(desk: CampaignDesk, campaign: Campaign) -> str | None:
    """Say why a campaign would sound as before, or None where it would not.

    Where nothing is live, or what is named may not be used, whatever comes next is another thing.
    """
    pinned = campaign.pinned
    if pinned is None:
        return "it was never planned"
    spec = parse_spec(dict(campaign.spec), campaign.id)
    try:
        voice = choose_voice(desk.checkout, spec)
    except _AWAY:
        raise
    except VoxgateError:
        return None
    now = voice.pinned(spec, quality=pinned.quality_digest, code=speaking_code())
    if _sound(now) != _sound(pinned):
        return None
    return (
        f"what is live would say the same: {pinned.model} version {pinned.version}, "
        f"{pinned.profile or 'its own speaker'}, {pinned.preset}; "
        f"release another one, then ask for {redo_id(campaign.id)} again"
    )


def _sound(pinned: Pinned) -> tuple[str | None, ...]:
    return (
        pinned.voice_digest,
        pinned.reference_sha256,
        pinned.preset_digest,
        pinned.recipe_digest,
        pinned.code,
    )


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ConfigError("--reason", ["expected why, for the events; it is empty"])
