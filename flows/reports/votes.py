"""What listeners said, in words."""

from __future__ import annotations

from typing import Any

from voxgate.release.listening.tally import Tally

__all__ = ["describe_tally", "votes_line"]

OUTCOMES = {"no_worse": "no worse", "worse": "worse", "open": "not settled"}


def describe_tally(tally: Tally) -> str:
    """Return the votes in words."""
    document = tally.as_json()
    if tally.digest is None:
        return (
            f"version {tally.version}: no votes yet; `voxgate listen {tally.version} --by YOU` "
            "takes them"
        )
    if tally.rival is None:
        ratings = document["ratings"]
        mean = "-" if ratings["mean"] is None else f"{ratings['mean']:.2f} of 5"
        lines = [f"version {tally.version} alone: {ratings['votes']} ratings, mean {mean}"]
    else:
        lines = [
            f"version {tally.version} beside version {tally.rival}: {_counts(document['count'])}",
            f"  preferred    {_share(document['count'])}",
            *(
                f"  {name:<12} {_counts(count)}, {_share(count)}"
                for name, count in document["listeners"].items()
            ),
        ]
    if tally.changed or tally.own:
        lines.append(
            f"  not counted  {tally.changed} changed after the reveal, {tally.own} by whoever "
            "trained it"
        )
    lines.append(f"  outcome      {OUTCOMES[tally.outcome.value]}: {tally.reason}")
    lines.append(f"  digest       {tally.digest}")
    return "\n".join(lines)


def votes_line(document: dict[str, Any]) -> str:
    """Return the votes in one line, for `voxgate status`."""
    rival = "alone" if document["rival"] is None else f"beside version {document['rival']}"
    listeners = ", ".join(document["listeners"])
    outcome = OUTCOMES[document["outcome"]]
    return f"{rival}, by {listeners}: {outcome}: {document['reason']}"


def _counts(count: dict[str, Any]) -> str:
    return (
        f"{count['prompts']} prompts, better {count['better']}, worse {count['worse']}, no "
        f"difference {count['same']}"
    )


def _share(count: dict[str, Any]) -> str:
    if count["share"] is None:
        return "neither"
    return (
        f"{count['better']} of {count['better'] + count['worse']} = {100 * count['share']:.0f} %, "
        f"95 % interval {100 * count['low']:.0f} to {100 * count['high']:.0f} %, "
        f"sign test p = {count['p_value']:.3f}"
    )
