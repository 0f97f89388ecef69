"""How a release command ended, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voxgate.release.desk import Answer

__all__ = ["describe_answer"]


def describe_answer(answer: Answer) -> str:
    """Return the state of the version, what is live, and whatever could not be told to others."""
    live = "nothing" if answer.live is None else f"version {answer.live}"
    done = "nothing to do" if answer.event is None else f"event {answer.event}"
    lines = [f"version {answer.version} is {answer.state} ({done}); live: {live}"]
    lines += [f"registry: {message}" for message in answer.by_hand]
    if answer.registry_problem is not None:
        lines.append(
            f"registry: not told; the ledger stands, the registry follows with the next command "
            f"that can: {answer.registry_problem}"
        )
    lines += [f"notification: {problem}" for problem in answer.unsent]
    if answer.unkept is not None:
        lines.append(f"package: no copy was kept here: {answer.unkept}")
    if answer.state == "quarantined" and answer.live is None:
        back = (
            f"`voxgate rollback --by YOU --reason WHY` brings version {answer.previous} back"
            if answer.previous is not None
            else "there is no earlier good version to go back to"
        )
        lines.append(f"nothing is live now: {back}")
    if answer.same_login:
        lines.append(
            "note: the account that registered this version also decided about it; that two "
            "people were behind it rests on the names that were typed"
        )
    return "\n".join(lines)
