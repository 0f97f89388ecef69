"""What is wrong with the fields of a document, a line each, for whoever wrote it."""

from __future__ import annotations

from pydantic import ValidationError

from voxgate.excerpts import excerpt

__all__ = ["field_faults"]


def field_faults(error: ValidationError) -> list[str]:
    """Say of each field what was expected and what arrived, cut to what fits a line."""
    return [
        f"{'.'.join(str(part)[:60] for part in fault['loc'])}: {fault['msg'][:160]} "
        f"(got {excerpt(fault['input'])})"
        for fault in error.errors(include_url=False)
    ]
