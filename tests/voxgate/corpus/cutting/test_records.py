from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.imports import an_import, doubtful, kept, silence
from voxgate.corpus.cutting.records import (
    Import,
    clip_id,
    clip_path,
    import_folder,
    read_import,
    read_imports,
    write_import,
)
from voxgate.corpus.cutting.spans import Span
from voxgate.errors import CorpusError


def test_an_import_is_read_as_it_was_written(tmp_path: Path) -> None:
    imported = an_import(kept(0, 2, "a\u2028b"), silence(2, 3), doubtful(3, 5))
    write_import(tmp_path, imported)
    assert read_import(tmp_path) == imported


def test_the_id_of_a_clip_leads_back_to_file_and_second() -> None:
    imported = an_import(silence(0, 1.5), kept(1.5, 4))
    (recording_id,) = imported.clips
    assert recording_id == "anna/talk-12345678/000001500-000004000"
    assert recording_id == clip_id(imported.source, Span.of_seconds(1.5, 4))
    assert clip_path(recording_id) == f"audio/{recording_id}.flac"


def test_an_import_that_leaves_a_sample_out_cannot_be(tmp_path: Path) -> None:
    imported = an_import(kept(0, 2), silence(2, 3))
    with pytest.raises(ValueError, match="nothing says what becomes of"):
        Import(source=imported.source, stretches=imported.stretches[:1])


def test_imports_of_a_data_folder_come_in_order(tmp_path: Path) -> None:
    assert read_imports(tmp_path) == []
    first = an_import(silence(0, 1), speaker_id="anna")
    second = an_import(silence(0, 1), speaker_id="ben")
    for imported in (second, first):
        write_import(tmp_path / import_folder(imported.source), imported)
    assert read_imports(tmp_path) == [first, second]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("source.json", "{"),
        ("source.json", '{"schema": 2}'),
        ("source.json", '{"schema": 1}'),
        ("stretches.jsonl", '{"span":{"start":0,"end":0},"status":"silence"}\n'),
        ("stretches.jsonl", '{"span":{"start":0,"end":160},"status":"gone"}\n'),
        ("stretches.jsonl", ""),
    ],
)
def test_a_damaged_file_is_named_with_what_to_do(tmp_path: Path, name: str, text: str) -> None:
    write_import(tmp_path, an_import(silence(0, 1)))
    (tmp_path / name).write_text(text)
    with pytest.raises(CorpusError, match=r"restore the folder from its data version"):
        read_import(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    write_import(tmp_path, an_import(silence(0, 1)))
    (tmp_path / "stretches.jsonl").unlink()
    with pytest.raises(CorpusError, match=r"stretches\.jsonl: cannot be read"):
        read_import(tmp_path)
