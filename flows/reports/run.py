"""The closing summary on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from flows.reports.summary import RunSummary, VersionLine
from flows.reports.terminal import open_console, say
from flows.reports.votes import votes_line
from voxgate.corpus.data_size import is_small

if TYPE_CHECKING:
    from tasks.retraining import RunResult

__all__ = ["print_summary"]

TOP_REASONS = 6


def print_summary(
    summary: RunSummary, result: RunResult | None = None, *, console: Console | None = None
) -> None:
    """Print data, checkpoints, verdict, what is live and the commands that come next."""
    out = console or open_console()
    if result is not None:
        out.rule("voxgate: retrain-voice")
        say(out, f"computed      {', '.join(result.recomputed) or 'nothing: nothing has changed'}")
    say(out, f"data version  {summary.data_version or '(data/ is not registered)'}")
    _print_clips(summary, out)
    _print_size(summary, out)
    _print_checkpoints(summary, out)
    _print_verdict(summary, out)
    say(out, f"live          {_live_line(summary.live)}")
    for problem in summary.registry:
        say(out, f"registry      {problem}")
    for problem in summary.notifications:
        say(out, f"unsent        {problem}")
    _print_next(summary, out)


def _print_clips(summary: RunSummary, out: Console) -> None:
    clips = summary.clips
    if clips is None:
        say(out, "clips         (not validated yet)")
        return
    say(
        out,
        f"clips         {clips['accepted']} accepted, {clips['fixed']} fixed, "
        f"{clips['quarantined']} quarantined of {clips['rows']} "
        f"({clips['accepted_s'] / 60:.1f} minutes fit for training)",
    )
    reasons = sorted(clips["reasons"].items(), key=lambda item: (-item[1], item[0]))
    text = ", ".join(f"{code} {count}" for code, count in reasons[:TOP_REASONS])
    say(out, (f"              quarantined for: {text or 'nothing'}", "dim"))


def _print_size(summary: RunSummary, out: Console) -> None:
    size = summary.size
    if size is None:
        return
    known = "; what so little can show: docs/small_data.md" if is_small(size["name"]) else ""
    say(
        out,
        f"size          {size['name'].replace('_', ' ')}: {size['clips']} clips of one voice, "
        f"{size['seconds']:.0f} s, trained for {100 * size['budget']:.0f} % of the steps{known}",
    )


def _print_checkpoints(summary: RunSummary, out: Console) -> None:
    if not summary.checkpoints:
        return
    table = Table(
        "checkpoint", summary.rate, "CER", "similarity", "prompts with catastrophes", box=None
    )
    for row in summary.checkpoints:
        table.add_row(
            str(row["name"]) + (" *" if row.get("chosen") else ""),
            _percent(row.get("wer")),
            _percent(row.get("cer")),
            "-" if row.get("similarity") is None else f"{row['similarity']:.3f}",
            f"{row['catastrophic_prompts']}/{row['prompts']}",
        )
    out.print(table)


def _print_verdict(summary: RunSummary, out: Console) -> None:
    for refusal in summary.refusals:
        say(out, f"refused by {refusal['stage']}: {refusal['code']}: {refusal['message']}")
    if summary.candidate is None:
        say(out, "verdict       none yet")
        return
    line = summary.candidate
    say(out, "verdict       ", (line.verdict or "pending", "bold"), f" for version {line.version}")
    for reason in line.reasons[:TOP_REASONS]:
        say(out, (f"              - {reason}", "dim"))
    if line.report is not None:
        say(out, f"report        {line.report}")
    for limit in line.loosened:
        say(out, f"looser limit  {limit} ({line.limits_changed or 'by whom is not known'})")
    for objection in line.objections:
        say(out, f"decided       {objection}")
    lines = {line.version: line, **{waiting.version: waiting for waiting in summary.pending}}
    for tried in (line for line in lines.values() if line.trial is not None):
        say(out, f"trial         version {tried.version}: {tried.trial}; `voxgate trial status`")
    for waiting in summary.pending:
        say(out, f"decision      version {waiting.version}: {_waiting(waiting)}")
        if waiting.votes is not None:
            say(out, f"votes         version {waiting.version} {votes_line(waiting.votes)}")


def _waiting(line: VersionLine) -> str:
    if line.approval == "approved":
        return "approved, " + (
            "its promotion was interrupted" if line.trial is None else "on trial"
        )
    if line.approval == "expired":
        return f"expired at {line.expires_at}; `voxgate run` offers it again"
    evidence = "" if line.evidence is None else f", evidence {line.evidence[:12]}"
    return f"pending until {line.expires_at}: a person decides{evidence}"


def _live_line(live: VersionLine | None) -> str:
    if live is None:
        return "nothing: no version has been promoted yet"
    decided = f", approved by {live.decided_by}" if live.decided_by else ""
    over = (
        "; its override is over: roll back, or approve another"
        if live.approval == "expired"
        else ""
    )
    return f"version {live.version} (consent scope {live.consent_scope}{decided}){over}"


def _print_next(summary: RunSummary, out: Console) -> None:
    say(out, "next")
    steps = [("voxgate ui", "compare checkpoints and listen: http://127.0.0.1:5000")]
    if summary.candidate is not None and summary.candidate.bundle:
        steps.append((f"voxgate verify {summary.candidate.bundle}", "recompute the verdict"))
        steps.append((f"voxgate report {summary.candidate.version}", "write its page again"))
    for line in summary.pending:
        steps += _decisions(line)
    if summary.previous is not None:
        purpose = f"go back to version {summary.previous}"
        steps.append(("voxgate rollback --by YOU --reason WHY", purpose))
    if summary.registry:
        steps.append(("voxgate registry check", "what differs; then `repair` or `adopt`"))
    if summary.notifications:
        steps.append(("voxgate outbox list", "what was not sent; `retry` tries again"))
    steps += [
        ("voxgate status", "this summary again, without running anything"),
        ("voxgate doctor", "check machine, weights and stores"),
    ]
    for command, purpose in steps:
        say(out, f"  {command:<44} ", (purpose, "dim"))


def _decisions(line: VersionLine) -> list[tuple[str, str]]:
    if line.approval == "approved":
        purpose = "finish the promotion" if line.trial is None else "end its trial: make it live"
        return [(f"voxgate promote {line.version} --by YOU", purpose)]
    if line.approval != "pending":
        return []
    return [
        (f"voxgate listen {line.version} --by YOU", "hear it blind beside what is live"),
    ] + [
        (f"voxgate {word} {line.version} --by YOU --reason WHY", purpose)
        for word, purpose in (("approve", "make it live"), ("reject", "decide against it"))
    ]


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f} %"
