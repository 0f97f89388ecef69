from __future__ import annotations

from scripts.corpus.cuts import Cut
from scripts.corpus.measures import score_cuts
from scripts.corpus.table import Case, Made, render
from scripts.corpus.truth import Event, Kind, Truth
from scripts.corpus.watching import Took
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.stretches import Status

SPAN = Span(16_000, 48_000)
TRUTH = Truth(
    speaker="anna",
    language="en",
    n_samples=96_000,
    events=(Event(kind=Kind.SPEECH, span=SPAN, speech=(SPAN,), speaker="anna", text="one two"),),
)
TOOK = Took(wall_s=12.0, cpu_s=20.0, peak_mb=812.3, machine="idle")


def made(text: str) -> Made:
    cuts = [
        Cut(span=SPAN, status=Status.KEPT, text=text),
        Cut(span=Span(48_000, 96_000), status=Status.REJECTED, reasons=("hum",)),
    ]
    return Made(score=score_cuts(TRUTH, cuts, str.split, room_s=0), took=TOOK)


def test_the_plain_way_stands_beside_the_import_and_targets_judge_the_import() -> None:
    case = Case(name="en", minutes={"all": 0.1}, ours=made("one two"), plain=made("one too"))
    lines = render([case]).splitlines()
    assert lines[2] == "| en | time, x the recording |  | 2 | **missed** | ≤ 1 | 2 |"
    assert "|  | peak memory, MB |  | 812 |  |  | 812 |" in lines
    assert "|  | edge error, median, ms | 2 | 0 | met | ≤ 50 | 0 |" in lines
    assert "|  | speech kept, % |  | 100 | met | ≥ 97 | 100 |" in lines
    assert "|  | WER of kept texts, % | 2 | 0 | met | ≤ 2 | 50 |" in lines
    assert "rejected 3.0" in lines[-1]
    assert lines[-1].startswith("* en, minutes: all 0.1; 1 kept, 0 doubtful")


def test_what_was_not_run_is_left_empty() -> None:
    text = render([Case(name="fr", minutes={"all": 0.1}, plain=made("one two"))])
    assert "|  | WER of kept texts, % |  |  |  | ≤ 2 | 0 |" in text
    assert text.endswith("* fr, minutes: all 0.1\n")
