"""Print how well and fast each front end reads: `python -m scripts.text.figures [LANGUAGE ...]`.

Each language is measured in a process of its own: its first call, its memory, its rows, its speed.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

from scripts.text.rows import front_end_of, load_rows, read_row
from voxgate.text.mixed import MixedFrontEnd

__all__ = ["main"]

_SETS = ("zh", "ja", "yue", "ko", "mixed", "en")
_HEAD = (
    "| rows | upstream right: equal | upstream wrong: right | accents equal "
    "| characters a second | first call, s | memory, MB |\n|---|---|---|---|---|---|---|"
)
_TIMED_CHARACTERS = 4_000


def main(arguments: list[str]) -> None:
    """Print a table row for each set of rows; with `--one NAME` measure in this process."""
    if arguments[:1] == ["--one"]:
        print(json.dumps(_measure(arguments[1])))
        return
    print(_HEAD)
    for name in arguments or _SETS:
        command = [sys.executable, "-m", "scripts.text.figures", "--one", name]
        root = Path(__file__).parents[2]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=root)
        print(_table_row(name, json.loads(done.stdout)), flush=True)


def _measure(name: str) -> dict[str, float]:
    rows = load_rows(name)
    opened: dict[str, MixedFrontEnd] = {}
    before = _megabytes()
    started = time.perf_counter()
    front_end_of(rows[0]["mode"], opened).read(rows[0]["text"])
    first = time.perf_counter() - started
    outcomes = [read_row(row, front_end_of(row["mode"], opened)) for row in rows]
    equal = [outcome for outcome in outcomes if not outcome.upstream_is_wrong]
    wrong = [outcome for outcome in outcomes if outcome.upstream_is_wrong]
    accents = [outcome.accents for outcome in equal if outcome.accents is not None]
    return {
        "equal": sum(outcome.is_right for outcome in equal),
        "of_equal": len(equal),
        "right": sum(outcome.is_right for outcome in wrong),
        "of_right": len(wrong),
        "accents": sum(accents),
        "of_accents": len(accents),
        "speed": _characters_a_second(rows, opened),
        "first": first,
        "memory": _megabytes() - before,
    }


def _characters_a_second(rows: list[dict[str, str]], opened: dict[str, MixedFrontEnd]) -> float:
    texts = [(row["text"], front_end_of(row["mode"], opened)) for row in rows]
    done = 0
    started = time.perf_counter()
    while done < _TIMED_CHARACTERS:
        for text, front_end in texts:
            front_end.normalise(text)
            front_end.read(text)
            done += len(text)
    return done / (time.perf_counter() - started)


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _table_row(name: str, found: dict[str, float]) -> str:
    accents = f"{found['accents']:.0f} of {found['of_accents']:.0f}" if found["of_accents"] else "–"
    return (
        f"| {name} | {found['equal']:.0f} of {found['of_equal']:.0f} "
        f"| {found['right']:.0f} of {found['of_right']:.0f} | {accents} "
        f"| {found['speed']:,.0f} | {found['first']:.1f} | {found['memory']:.0f} |"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
