"""JSON on standard output: what `--json` prints, the same way from every command."""

from __future__ import annotations

import json
import sys

__all__ = ["print_json"]


def print_json(value: object) -> None:
    """Print `value` as JSON for scripts; NaN raises ValueError."""
    sys.stdout.write(json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
