"""What came of a review, in words."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["describe_review"]


def describe_review(counts: Mapping[str, int]) -> str:
    """Return how many clips were decided how, and what to do next."""
    lines = [
        f"accepted {counts['accepted']}, rejected {counts['rejected']}, doubtful and open "
        f"{counts['open']}; the manifest follows the decisions"
    ]
    if counts["misfits"]:
        lines.append(
            f"{counts['misfits']} decisions no longer fit a clip: a later import has cut there "
            "otherwise. They are kept and applied to nothing; the page lists them."
        )
    return "\n".join([*lines, "`voxgate data commit` makes a data version of it"])
