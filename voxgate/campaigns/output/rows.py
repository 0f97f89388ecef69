"""A cell as a row of the output table, with everything that is pinned for its campaign."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from voxgate.campaigns.records import Campaign, Cell, CellState, Pinned, Rejection, RenderOutput
from voxgate.campaigns.templates.slots import SlotValue
from voxgate.campaigns.templates.template import Template
from voxgate.files import canonical_json, digest_bytes
from voxgate.printable import printable

__all__ = ["CellRows", "rejected_row", "time_text"]


@dataclass(frozen=True, kw_only=True)
class CellRows:
    """Makes the rows of one campaign. `address` gives an address that is good until `expires`."""

    campaign: Campaign
    templates: Mapping[str, Template]
    address: Callable[[str], str]
    expires: datetime
    keep_texts: bool

    def row(self, cell: Cell) -> dict[str, Any]:
        """Return the values of a cell by column; what nobody knows of it is missing or None."""
        stored = cell.state is CellState.STORED
        fault = cell.fault
        return {
            "campaign_id": self.campaign.id,
            "recipient_id": printable(cell.recipient_id),
            "template_id": cell.template,
            "template_version": self.templates[cell.template].digest,
            "status": cell.state.value,
            "error_code": None if fault is None else fault.code,
            "error_detail": None if fault is None else printable(fault.detail),
            "storage_url": self.address(cell.asset_id) if stored and cell.asset_id else None,
            "url_expires_at": time_text(self.expires.timestamp()) if stored else None,
            "asset_id": None if cell.state is CellState.ERASED else cell.asset_id,
            "shared_with": cell.shared_with,
            "queued_at": time_text(self.campaign.planned_at_s),
            "started_at": time_text(cell.started_at_s),
            "completed_at": time_text(cell.completed_at_s),
            "attempt": cell.attempt,
            "recalled_at": time_text(cell.recalled_at_s),
            "recall_reason": None if cell.recall_reason is None else printable(cell.recall_reason),
            **_of_pinned(self.campaign.pinned),
            **_of_output(cell.output),
            "qc_state": _quality_state(cell),
            **self._text(cell),
        }

    def _text(self, cell: Cell) -> dict[str, str | None]:
        if cell.values is None:
            return {}
        values = {name: SlotValue.from_json(value) for name, value in cell.values.items()}
        text = " ".join(one.text for one in self.templates[cell.template].fill(values))
        row: dict[str, str | None] = {"text_sha256": digest_bytes(text.encode())}
        if self.keep_texts:
            row["text"] = printable(text)
            row["slots_normalised"] = canonical_json(
                {name: value.spoken for name, value in values.items()}
            )
        return row


def rejected_row(campaign_id: str, upload: str, rejection: Rejection) -> dict[str, Any]:
    """Return the values of a rejected row by column."""
    return {
        "campaign_id": campaign_id,
        "upload": upload,
        "row": rejection.number,
        "recipient_id": printable(rejection.recipient_id),
        "error_code": rejection.fault.code,
        "error_detail": printable(rejection.fault.detail),
    }


def time_text(seconds: float | None) -> str | None:
    """Return a time as the tables have it, UTC to the second; None stays None."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _of_pinned(pinned: Pinned | None) -> dict[str, Any]:
    if pinned is None:
        return {}
    profile, _, version = (pinned.profile or "").partition("@")
    return {
        "model": pinned.model,
        "model_version": pinned.version,
        "voice_package_digest": pinned.voice_digest,
        "profile_id": profile or None,
        "profile_version": int(version) if version else None,
        "consent_id": pinned.consent_digest,
        "consent_scope": pinned.consent_scope,
        "preset": pinned.preset,
        "preset_digest": pinned.preset_digest,
        "code_version": pinned.code,
    }


def _of_output(output: RenderOutput | None) -> dict[str, Any]:
    if output is None:
        return {}
    return {
        "duration_s": float(output.duration_s),
        "format": output.format,
        "sample_rate_hz": output.sample_rate_hz,
        "bytes": output.bytes,
        "sha256": output.sha256,
        "pcm_sha256": output.pcm_sha256,
        "seeds": canonical_json(list(output.seeds)),
        "qc_wer": _figure(output, "wer"),
        "qc_slot_distance": _figure(output, "slot_distance"),
        "qc_similarity": _figure(output, "similarity"),
        "qc_attempts": output.tries,
        "cpu_ms": float(output.cpu_ms),
        "worker": printable(output.worker),
    }


def _figure(output: RenderOutput, name: str) -> float | None:
    value = output.quality.get(name)
    return None if value is None else float(value)


def _quality_state(cell: Cell) -> str | None:
    """Say how the check of its sentences ended, as far as it has."""
    if cell.state is CellState.NEEDS_REVIEW:
        return "needs_review"
    if cell.output is None:
        return None
    return "fallback" if cell.output.quality.get("fallbacks") else "passed"
