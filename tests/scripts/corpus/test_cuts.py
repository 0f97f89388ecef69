from __future__ import annotations

from pathlib import Path

import pytest

from scripts.corpus.cuts import Cut, read_segments, read_site, write_segments
from tests.fakes.imported_hour import SOURCE
from voxgate.corpus.cutting.records import Import, import_folder, write_import
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.stretches import Reason, Status, Stretch, Utterance
from voxgate.types import WordTiming


def test_an_import_is_read_as_cuts(tmp_path: Path) -> None:
    span = Span(0, 16_000)
    words = (
        WordTiming(word="one", start_s=0.1, end_s=0.3, probability=1.0),
        WordTiming(word="two", start_s=0.4, end_s=0.8, probability=1.0),
    )
    said = Utterance(span=span, text="one two", language="en", words=words)
    reason = Reason(code="hum", expected="none", arrived="50 Hz")
    stretches = (
        Stretch(span=span, status=Status.KEPT, utterance=said),
        Stretch(span=Span(16_000, 32_000), status=Status.SILENCE),
        Stretch(span=Span(32_000, 48_000), status=Status.REJECTED, reasons=(reason,)),
    )
    imported = Import(source=SOURCE, stretches=stretches)
    write_import(tmp_path / "data" / import_folder(SOURCE), imported)
    assert read_site(tmp_path) == [
        Cut(span=span, status=Status.KEPT, text="one two", said=Span(1600, 12_800)),
        Cut(span=Span(16_000, 32_000), status=Status.SILENCE),
        Cut(span=Span(32_000, 48_000), status=Status.REJECTED, reasons=("hum",)),
    ]


def test_a_checkout_without_an_import_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected one import in data/, found 0"):
        read_site(tmp_path)


def test_segments_are_read_as_they_were_written(tmp_path: Path) -> None:
    cuts = [Cut(span=Span(160, 16_000), status=Status.KEPT, text="one")]
    write_segments(tmp_path / "segments.json", cuts)
    assert read_segments(tmp_path / "segments.json") == cuts
