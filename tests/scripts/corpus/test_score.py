from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from scripts.corpus import score
from scripts.corpus.cuts import Cut, write_segments
from scripts.corpus.truth import Event, Kind, write_events
from tests.fakes.imported_hour import SOURCE
from voxgate.corpus.cutting.records import Import, import_folder, write_import
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.stretches import Status, Stretch, Utterance
from voxgate.files import write_json

SPEECH = Span(16_000, 32_000)
ROOM = Span(13_600, 34_400)


@pytest.fixture
def hour(tmp_path: Path) -> Path:
    event = Event(kind=Kind.SPEECH, span=SPEECH, speech=(SPEECH,), speaker="anna", text="Press 1.")
    write_events(tmp_path / "truth.jsonl", [event])
    facts = {"speaker": "anna", "language": "en", "n_samples": 48_000, "minutes": {"all": 0.05}}
    write_json(tmp_path / "facts.json", facts)
    return tmp_path


def test_an_import_is_scored_with_the_room_that_it_leaves(hour: Path, tmp_path: Path) -> None:
    said = Utterance(span=ROOM, text="press one", language="en")
    stretches = (
        Stretch(span=Span(0, ROOM.start), status=Status.SILENCE),
        Stretch(span=ROOM, status=Status.KEPT, utterance=said),
        Stretch(span=Span(ROOM.end, 48_000), status=Status.SILENCE),
    )
    imported = Import(source=SOURCE, stretches=stretches)
    write_import(tmp_path / "site" / "data" / import_folder(SOURCE), imported)
    found = score.score_import(hour, tmp_path / "site", room_s=0.15)
    assert (found.edges.p95_s, found.wer_kept.rate, found.kept_share) == (0, 0, 1)


def test_the_command_prints_a_table_or_json(
    hour: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    segments = hour / "segments.json"
    write_segments(segments, [Cut(span=SPEECH, status=Status.KEPT, text="Press 2.")])
    monkeypatch.setattr(sys, "argv", ["score", str(hour), str(segments), "--json"])
    assert score.main() == 0
    assert json.loads(capsys.readouterr().out)["wer_kept"]["rate"] == 0.5
    monkeypatch.setattr(sys, "argv", ["score", str(hour), str(segments), "--worst", "3"])
    assert score.main() == 0
    printed = capsys.readouterr().out
    assert "| WER of kept texts, % |  |  |  | ≤ 2 | 50 |" in printed
    assert "* 1.00-2.00 s, kept, 1 errors: 'Press 2.'; said: anna: 'Press 1.'" in printed
