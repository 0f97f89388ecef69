"""Fill the fields of a prompt file that follow from its texts: normalised, words, critical.

    python scripts/text/prompt_rows.py benchmark/prompts.yue.jsonl
    python scripts/text/prompt_rows.py --check benchmark/prompts.yue.jsonl

A line needs `id`, `split`, `class` and `text`; prompts of the gate need `block`, and those of class
`critical` whose meaning hangs on more than numbers their own `critical`, which is kept.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from voxgate.errors import ConfigError, TextError
from voxgate.evaluation.benchmark import prompts_language
from voxgate.evaluation.critical import critical_words
from voxgate.text.front_end import FrontEnd
from voxgate.text.front_ends import open_front_end

_ORDER = ("id", "split", "class", "text", "normalised", "words", "block", "critical")
_UNSPACED = ("zh", "ja", "yue")
"""Languages without spaces between words: lengths are counted in units of the front end."""

_WORD = re.compile(r"[^\W_](?:[^\W_]|['-])*")
_TAG = re.compile(r"</?[a-z]{2,3}>")
_MARKS = re.compile(r"[,.!?…\s-]+")


def complete_row(row: Mapping[str, Any], front_end: FrontEnd) -> dict[str, Any]:
    """Return a row with all its fields, in their order.

    Raises:
        TextError: the text cannot be read.
    """
    text = row["text"]
    # Tags say how the text would be read again; nobody hears them.
    normalised = _TAG.sub("", front_end.normalise(text))
    if front_end.language in _UNSPACED:
        words = len(front_end.units(text))
    else:
        words = len(_WORD.findall(normalised))
    filled = {**row, "normalised": normalised, "words": words}
    if row["split"] == "gate":
        filled["critical"] = list(
            row.get("critical") or _critical(text, normalised, front_end.language)
        )
    return {name: filled[name] for name in _ORDER if name in filled}


def _critical(text: str, normalised: str, language: str) -> Sequence[str]:
    """Return the words that must not change; without a list of them, what is written in digits."""
    try:
        return critical_words(text, normalised, language)
    except TextError:
        return read_digits(text, normalised)


def read_digits(text: str, normalised: str) -> tuple[str, ...]:
    """Return the parts of `normalised` that `text` writes with digits, in order."""
    parts: list[str] = []
    matcher = SequenceMatcher(None, text, normalised, autojunk=False)
    for operation, start, end, spoken_start, spoken_end in matcher.get_opcodes():
        if operation != "equal" and re.search(r"\d", text[start:end]):
            spoken = _MARKS.split(normalised[spoken_start:spoken_end])
            parts.extend(part for part in spoken if part)
    return tuple(parts)


def completed_lines(path: Path, open_language: Callable[[str], FrontEnd]) -> list[str]:
    """Return the lines of a prompt file with all fields.

    Raises:
        ConfigError: lines are no JSON, lack a field, or cannot be read; names all of them.
    """
    front_end = open_language(prompts_language(path))
    lines: list[str] = []
    faults: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = complete_row(json.loads(line), front_end)
        except (ValueError, KeyError, TextError) as error:
            faults.append(f"line {number}: {type(error).__name__}: {error}")
            continue
        lines.append(json.dumps(row, ensure_ascii=False))
    if faults:
        raise ConfigError(str(path), faults)
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the completed file, or with `--check` only tell whether it is complete."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if it would change")
    options = parser.parse_args(arguments)
    content = "\n".join(completed_lines(options.path, open_front_end)) + "\n"
    same = content == options.path.read_text(encoding="utf-8")
    if not options.check and not same:
        options.path.write_text(content, encoding="utf-8")
    return int(options.check and not same)


if __name__ == "__main__":
    sys.exit(main())
