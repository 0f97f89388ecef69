"""What was called back and who may have it, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tasks.campaigns.recall import Redone
    from voxgate.campaigns.recall.recalling import Recalled

__all__ = ["describe_erasure", "describe_recall", "describe_redo"]


def describe_recall(found: Recalled) -> str:
    """Say what is called back, or would be, what had been fetched, and what is left to do."""
    verb = "would be called back" if found.dry_run else "called back"
    lines = [
        f"{len(found.now.campaigns)} campaigns, {found.now.cells} cells, {found.now.files} files "
        f"({found.now.renders} for recipients, of {found.now.sentences} sentences) and "
        f"{found.jobs} speech jobs {verb}",
        f"{found.fetched_file_count} files had been fetched, for {len(found.fetched)} cells or "
        f"jobs: {found.list_at or 'not listed'}",
    ]
    if not found.dry_run:
        lines.append(f"{found.removed} files removed; {_purge(found)}")
    return "\n".join([*lines, *_faults(found)])


def describe_erasure(found: Recalled) -> str:
    """Say what is gone with a recipient."""
    lines = [
        f"{found.now.cells} cells of {len(found.now.campaigns)} campaigns erased: "
        f"{found.now.renders} files and {found.now.sentences} sentences were theirs alone",
        f"{found.removed} files removed; {_purge(found)}",
    ]
    return "\n".join([*lines, *_faults(found)])


def describe_redo(found: Redone) -> str:
    """Say which drafts there are, and what comes next."""
    lines = [
        f"{one.campaign.id}: {one.upload.accepted} recipients of {one.of}; "
        f"next: voxgate campaign plan {one.campaign.id}"
        for one in found.drafts
    ]
    lines += [f"{one.campaign}: not said again: {one.why}" for one in found.not_redone]
    return "\n".join(lines or ["nothing was called back of it"])


def _purge(found: Recalled) -> str:
    return "no cache was told" if found.purge is None else str(found.purge)


def _faults(found: Recalled) -> list[str]:
    if not found.faults:
        return []
    return [*found.faults, "NOT FINISHED: remove the cause, then give the same command again"]
