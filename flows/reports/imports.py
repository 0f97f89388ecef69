"""What became of long recordings, second by second, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxgate.corpus.cutting.reasons import remedy_of
from voxgate.corpus.cutting.stretches import Status

if TYPE_CHECKING:
    from tasks.corpus.accounts import Accounts, FoundClip
    from tasks.corpus.import_recordings import ImportAnswer, SourceRow
    from voxgate.corpus.cutting.accounting import Account

__all__ = [
    "count_account",
    "count_accounts",
    "count_clip",
    "count_imported",
    "count_originals",
    "describe_account",
    "describe_accounts",
    "describe_clip",
    "describe_imported",
    "describe_originals",
]

_SHOWN = 5
_NAMES = {
    Status.KEPT: "kept",
    Status.DOUBTFUL: "doubtful",
    Status.REJECTED: "rejected",
    Status.OTHER_SPEAKER: "other speakers",
    Status.SILENCE: "silence",
}


def count_account(account: Account) -> dict[str, Any]:
    """Return a table as JSON values; seconds are exact to a sample of 16 kHz."""
    return {
        "seconds": account.seconds,
        "entries": [
            {
                "status": entry.status.value,
                "reason": entry.reason,
                "stretches": entry.stretches,
                "seconds": entry.seconds,
            }
            for entry in account.entries
        ],
        "doubts": account.doubts,
    }


def describe_account(account: Account) -> list[str]:
    """Return the lines of a table: what went in, and what became of it."""
    lines = [_line("in", "", account.seconds, 1.0 if account.seconds else 0.0)]
    for entry in account.entries:
        name = _NAMES[entry.status] + (f" ({entry.reason})" if entry.reason else "")
        lines.append(
            _line(name, f"{entry.stretches}", entry.seconds, entry.seconds / account.seconds)
        )
    if account.doubts:
        lines.append("why clips are doubtful (one may have several reasons):")
        lines += [
            f"  {code:<22} {count:>6}  {remedy_of(code)}" for code, count in account.doubts.items()
        ]
    return lines


def count_imported(answer: ImportAnswer) -> dict[str, Any]:
    """Return what became of each recording, as JSON values."""
    return {
        "recordings": [_count_row(row) for row in answer.rows],
        "refused": answer.refused,
        "ignored": [str(path) for path in answer.ignored],
        "notes": list(answer.notes),
    }


def describe_imported(answer: ImportAnswer) -> str:
    """Return what became of each recording, and what to do next."""
    lines: list[str] = []
    for row in answer.rows:
        if row.imported is None or row.account is None:
            lines.append(f"{row.path.name}: refused ({row.code}): {row.fault}")
            continue
        lines.append(f"{row.path.name}: {row.outcome} as {row.imported.source.source_id}")
        lines += [f"  {line}" for line in [*row.notes, *describe_account(row.account)]]
    if answer.ignored:
        shown = ", ".join(path.name for path in answer.ignored[:_SHOWN])
        lines.append(f"{len(answer.ignored)} files are no recordings by their names: {shown}")
    lines += answer.notes
    return "\n".join([*lines, *_next_steps(answer)])


def count_accounts(accounts: Accounts) -> dict[str, Any]:
    """Return the tables as JSON values."""
    return {
        "sources": [
            {
                "source_id": each.source.source_id,
                "name": each.source.name,
                "speaker_id": each.source.speaker_id,
                **count_account(each.account),
            }
            for each in accounts.sources
        ],
        "together": count_account(accounts.together),
    }


def describe_accounts(accounts: Accounts) -> str:
    """Return a table for each recording, and one of all where there are several."""
    lines: list[str] = []
    for each in accounts.sources:
        source = each.source
        lines.append(f"{source.source_id} ({source.name}), speaker {source.speaker_id}")
        lines += [f"  {line}" for line in describe_account(each.account)]
    if len(accounts.sources) > 1:
        lines.append(f"all {len(accounts.sources)} recordings")
        lines += [f"  {line}" for line in describe_account(accounts.together)]
    return "\n".join(lines)


def count_originals(restored: int) -> dict[str, Any]:
    """Return how many clips are what they were, as JSON values."""
    return {"restored": restored}


def describe_originals(restored: int) -> str:
    """Say how many clips are what they were, and what follows."""
    if not restored:
        return "no clip is a cleaned one"
    return (
        f"{restored} cleaned clips are their originals again\n"
        "next: set cut.clean to [] in params.yaml, then voxgate data commit"
    )


def count_clip(found: FoundClip) -> dict[str, Any]:
    """Return where a clip comes from, as JSON values."""
    span, utterance = found.stretch.span, found.stretch.utterance
    return {
        "recording_id": found.recording_id,
        "file": found.source.name,
        "sha256": found.source.sha256,
        "start_s": span.start_s,
        "end_s": span.end_s,
        "speaker_id": found.source.speaker_id,
        "status": found.stretch.status.value,
        "text": utterance.text if utterance else None,
        "reasons": [vars(reason) for reason in found.stretch.reasons],
        "decision": found.decision and found.decision.decision,
        "by": found.decision and found.decision.by,
    }


def describe_clip(found: FoundClip) -> str:
    """Return where a clip comes from: file, second, and why it is what it is."""
    span, utterance = found.stretch.span, found.stretch.utterance
    lines = [
        f"{found.recording_id}: {_NAMES[found.stretch.status]}",
        f"  {found.source.name} from {_clock(span.start_s)} to {_clock(span.end_s)}"
        f" (sha256 {found.source.sha256})",
    ]
    if utterance is not None:
        lines.append(f"  {utterance.text}")
    lines += [f"  {reason}" for reason in found.stretch.reasons]
    if found.decision is not None:
        at = found.decision.at.isoformat(timespec="seconds")
        lines.append(f"  {found.decision.decision} by {found.decision.by}, {at}")
    return "\n".join(lines)


def _count_row(row: SourceRow) -> dict[str, Any]:
    return {
        "path": str(row.path),
        "outcome": row.outcome,
        "source_id": row.imported and row.imported.source.source_id,
        "account": row.account and count_account(row.account),
        "code": row.code,
        "fault": row.fault,
        "notes": list(row.notes),
    }


def _next_steps(answer: ImportAnswer) -> list[str]:
    steps = []
    accounts = [row.account for row in answer.rows if row.account is not None]
    if any(account.seconds_of(Status.DOUBTFUL) for account in accounts):
        steps.append("hear the doubtful ones: voxgate corpus review")
    if any(row.outcome == "imported" for row in answer.rows):
        steps.append("register them as a data version: voxgate data commit")
    return steps


def _line(name: str, stretches: str, seconds: float, share: float) -> str:
    return f"{name:<34} {stretches:>6} {seconds:>10.2f} s {share:>7.1%}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02d}:{rest:05.2f}"
