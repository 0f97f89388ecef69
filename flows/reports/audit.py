"""What the ledger remembers, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from voxgate.login import describe_login

__all__ = ["describe_events", "describe_moment", "describe_verification"]


def describe_events(events: Sequence[dict[str, Any]]) -> str:
    """Return one line an event."""
    lines = [
        f"{event['sequence']:>5}  {_clock(event['at'])}  {event['kind']:<12} "
        f"{event['model']} {event['version'] or '-'}  by {event['actor']}{_account(event)}: "
        f"{event['reason']}"
        for event in events
    ]
    return "\n".join(lines) or "nothing has happened yet"


def describe_verification(result: dict[str, Any]) -> str:
    """Return every fault that was found, and the head to remember."""
    lines = [f"NOT VERIFIED: {f['code']}: {f['message']}" for f in result["findings"]]
    compared = ", ".join(result["compared_with"]) or "no remembered head"
    lines.append(f"{result['events']} events, head {result['head']}, compared with {compared}")
    if not result["findings"]:
        lines[-1] = f"verified: {lines[-1]}"
    return "\n".join(lines)


def describe_moment(answer: dict[str, Any]) -> str:
    """Return what was live at a time: its digests, who decided, on which evidence."""
    live = answer["live"]
    notes = [
        f"  note: {event['actor']} corrected the clock (event {event['sequence']}: "
        f"{event['reason']}); what was stamped later than {_clock(event['at'])} counts from there"
        for event in answer["clock_corrections"]
    ]
    if live is None:
        nothing = f"{_clock(answer['at'])}: nothing was live ({answer['events']} events until then)"
        return "\n".join([nothing, *notes])
    digests = live["digests"]
    approval = live["approval"]
    lines = [
        f"{_clock(answer['at'])}: {answer['model']} version {live['version']}, "
        f"for {live['scope']}, verdict {live['verdict']}",
        *(f"  {name:<10} {digests[name]}" for name in ("model", "data", "clips", "lexicon")),
        *(f"  {name:<10} {digests[name]}" for name in ("benchmark", "evidence", "verdict")),
        *(f"  evaluator  {role}: {digest}" for role, digest in digests["evaluators"].items()),
        f"  trained by {live['trained_by']}, approved by {approval['by']}"
        + (f" as an override until {approval['until']}" if approval["override"] else ""),
        *([_heard(approval["votes"])] if approval["votes"] else []),
        f"  bundle     {live['bundle']}",
        *(
            f"  {event['sequence']:>5}  {_clock(event['at'])}  {event['kind']:<12} "
            f"by {event['actor']}{_account(event)}: {event['reason']}"
            for event in live["events"]
        ),
        *notes,
    ]
    return "\n".join(lines)


def _account(event: dict[str, Any]) -> str:
    """Return the account that the operating system vouches for, beside the name that was typed."""
    login = event.get("facts", {}).get("login")
    return f" [{describe_login(login)}]" if login else ""


def _heard(votes: dict[str, Any]) -> str:
    beside = "alone" if votes["rival"] is None else f"beside version {votes['rival']}"
    return (
        f"  votes      {votes['digest']} {beside}, by {', '.join(votes['listeners'])}: "
        f"better {votes['better']}, worse {votes['worse']}, no difference {votes['same']}"
    )


def _clock(time: str) -> str:
    return datetime.fromisoformat(time).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
