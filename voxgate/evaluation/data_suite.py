"""What the evidence says about the data that the voice was trained on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from voxgate.files import digest_file, read_json
from voxgate.stage import Workspace

__all__ = ["read_data_facts"]


def read_data_facts(workspace: Workspace) -> dict[str, Any]:
    """Return the digest of the training table and how many data expectations were evaluated.

    The gate holds when no expectation was evaluated: an empty suite passes by itself.
    """
    evaluated = successful = 0
    path = workspace.stage_dir("validate") / "expectations.json"
    if path.is_file():
        for statistics in _statistics(read_json(path)):
            evaluated += int(statistics["evaluated_expectations"])
            successful += int(statistics["successful_expectations"])
    return {
        "clips_sha256": digest_file(workspace.stage_dir("featurize") / "clips.parquet"),
        "expectations_evaluated": evaluated,
        "expectations_successful": successful,
    }


def _statistics(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the statistics of every suite result, wherever the document keeps them."""
    if isinstance(value, dict):
        if "evaluated_expectations" in value:
            yield value
        else:
            for child in value.values():
                yield from _statistics(child)
    elif isinstance(value, list):
        for child in value:
            yield from _statistics(child)
