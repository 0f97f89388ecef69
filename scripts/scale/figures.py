"""What each part takes at several sizes, as a table for docs/benchmarks.md.

    python -m scripts.scale.figures [--clips 1000 10000 100000] [--parts PART ...] [--work FOLDER]

Each part runs in a process of its own over a corpus that is made once a size: 56 KB a clip on disk.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from scripts.load.machine import Watch, describe
from scripts.scale.corpora import make_corpus
from scripts.scale.measuring import Taken, measure_alone
from scripts.scale.parts import PARTS

__all__ = ["main"]

_HEAD = (
    "| part | clips | CPU s a 1,000 clips | peak, MiB | of which its own, MiB |\n"
    "|---|---|---|---|---|"
)


def main(arguments: Sequence[str]) -> None:
    """Print the table, line by line as it comes.

    Raises:
        SystemExit: a part came to another outcome than before.
    """
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--clips", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    options.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    options.add_argument("--work", type=Path, help="a folder on a disk with room")
    given = options.parse_args(arguments)
    watch = Watch()
    _say(f"{describe()}; cells with an arrow: before → now\n\n{_HEAD}")
    for count in given.clips:
        with ExitStack() as stack:
            work = stack.enter_context(tempfile.TemporaryDirectory(dir=given.work))
            folder = make_corpus(Path(work), count).folder
            for part in given.parts:
                _say(_row(part, count, folder))
    _say(f"\n{watch.read()}")


def _row(part: str, count: int, folder: Path) -> str:
    now = measure_alone(part, "now", folder)
    before: Taken | None = None
    if PARTS[part].before and count <= PARTS[part].before_up_to:
        before = measure_alone(part, "before", folder)
        if before.outcome != now.outcome:
            raise SystemExit(f"{part}: expected {before.outcome} as before, got {now.outcome}")
    cells = [
        _cell([way.cpu_s / count * 1_000 for way in (before, now) if way], ".3f"),
        _cell([way.peak_mib for way in (before, now) if way], ",.0f"),
        _cell([way.own_mib for way in (before, now) if way], ",.0f"),
    ]
    return f"| {part} | {count:,} | {' | '.join(cells)} |"


def _cell(figures: Sequence[float], written: str) -> str:
    return " → ".join(format(figure, written) for figure in figures)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
