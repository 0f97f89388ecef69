"""What commands print: text for people, or with `--json` the same as JSON, from every command."""

from __future__ import annotations

import json
import sys

from voxgate.printable import printable_lines

__all__ = ["print_answer", "print_json"]


def print_json(value: object) -> None:
    """Print `value` as JSON for scripts; NaN raises ValueError."""
    sys.stdout.write(json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def print_answer(document: object, text: str, as_json: bool) -> None:
    """Print `document` as JSON for scripts, or `text` for people, which repaints no terminal."""
    if as_json:
        print_json(document)
    else:
        sys.stdout.write(printable_lines(text) + "\n")
