"""Hold an import of a built recording against what is known to be said in it.

    python -m scripts.corpus.score HOUR SITE [--room 0.15] [--worst 20]
    python -m scripts.corpus.score HOUR SEGMENTS.json

HOUR is the folder that `scripts.corpus.hour` made, SITE the checkout into whose data/ the recording
was imported, and nothing else; SEGMENTS.json is of `scripts.corpus.baseline`, which leaves no room.

How cuts and truth are matched. Speech is where the level of a clip says so (`edges`), so seconds
are counted by time alone: a second of true speech is kept if it lies in a kept cut. Words are
matched by time and text (`assignment`): a cut may hold several true clips, and a clip several
cuts. Edges are each held against the nearest true edge of their kind (`edge_errors`).

Prints a table, or the figures as JSON with `--json`; `--worst` lists texts with most errors.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from scripts.campaign.sites import say
from scripts.corpus.assignment import assign_words
from scripts.corpus.cuts import Cut, read_segments, read_site
from scripts.corpus.measures import Score, score_cuts
from scripts.corpus.table import Case, Made, render
from scripts.corpus.truth import Truth, read_truth
from scripts.corpus.wording import load_wording
from voxgate.files import read_json

__all__ = ["score_import", "score_plain"]


def main() -> int:
    """Print the figures of the import that the command line names."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("hour", type=Path)
    options.add_argument("made", type=Path)
    options.add_argument("--room", type=float, default=0.15, help="cut.edge_room_s of the import")
    options.add_argument("--json", action="store_true")
    options.add_argument("--worst", type=int, default=0)
    given = options.parse_args()
    is_plain = given.made.is_file()
    cuts = read_segments(given.made) if is_plain else read_site(given.made)
    truth = read_truth(given.hour)
    score = _score(truth, cuts, room_s=0 if is_plain else given.room)
    if given.json:
        say(json.dumps(score.as_json(), indent=1))
        return 0
    made = Made(score=score)
    case = Case(
        name=given.hour.name,
        minutes=read_json(given.hour / "facts.json")["minutes"],
        ours=None if is_plain else made,
        plain=made if is_plain else None,
    )
    say(render([case]))
    for line in islice(_worst(truth, cuts), given.worst):
        say(line)
    return 0


def score_import(hour: Path, site: Path, *, room_s: float) -> Score:
    """Score the one import of a checkout; `room_s` is the room that it leaves at its edges."""
    return _score(read_truth(hour), read_site(site), room_s=room_s)


def score_plain(hour: Path, segments: Path) -> Score:
    """Score what the plain way made."""
    return _score(read_truth(hour), read_segments(segments), room_s=0)


def _score(truth: Truth, cuts: Sequence[Cut], *, room_s: float) -> Score:
    return score_cuts(truth, cuts, load_wording(truth.language), room_s=room_s)


def _worst(truth: Truth, cuts: Sequence[Cut]) -> Iterator[str]:
    """Yield cuts with errors, most first, beside all that is said in their time."""
    counts = assign_words(truth.wanted, cuts, load_wording(truth.language)).counts
    wrong = [place for place, count in counts.items() if count.errors]
    for place in sorted(wrong, key=lambda place: -counts[place].errors):
        cut = cuts[place]
        said = [event for event in truth.events if event.text and event.span.overlap(cut.span)]
        yield (
            f"* {cut.span.start_s:.2f}-{cut.span.end_s:.2f} s, {cut.status}, "
            f"{counts[place].errors} errors: {cut.text!r}; said: "
            + "; ".join(f"{event.speaker}: {event.text!r}" for event in said)
        )


if __name__ == "__main__":
    sys.exit(main())
