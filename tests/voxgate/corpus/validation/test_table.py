"""The finished rows, and the table of what was kept out, whole and sorted at any size."""

import csv

import pytest

from tests.fakes.clips import ingested_clip
from voxgate.audio.shards import Place
from voxgate.corpus.validation.dossiers import Dossier
from voxgate.corpus.validation.table import close_dossiers, write_quarantine
from voxgate.errors import StageError, StorageError

HEADER = ["recording_id", "source_path", "codes", "messages"]


def dossier(number, *, codes=()):
    opened = Dossier(clip=ingested_clip(f"r{number:05d}", place=Place(0, 0, 16_000)))
    for code in codes:
        opened.find(code, expected="words, that are said", arrived=f'"{number}"\n=1+1')
    return opened


def read(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_every_rejected_clip_is_named_once_in_order(tmp_path):
    found = [dossier(n, codes=["high_cer"] if n % 3 else ()) for n in reversed(range(4_000))]
    write_quarantine(tmp_path / "quarantine.csv", found)
    header, *rows = read(tmp_path / "quarantine.csv")
    assert header == HEADER
    assert [row[0] for row in rows] == [f"r{n:05d}" for n in range(4_000) if n % 3]


def test_a_row_has_all_codes_that_reject_and_their_messages(tmp_path):
    found = dossier(1, codes=["wrong_language", "moderate_cer", "high_cer"])
    write_quarantine(tmp_path / "quarantine.csv", [found])
    _, (recording_id, source, codes, messages) = read(tmp_path / "quarantine.csv")
    assert (recording_id, source) == ("r00001", "audio/ada/r00001.wav")
    assert codes == "high_cer wrong_language"
    assert messages.startswith("wrong_language: ")
    assert " | high_cer: " in messages
    assert "moderate_cer" not in messages


def test_nothing_kept_out_is_a_header(tmp_path):
    write_quarantine(tmp_path / "quarantine.csv", [dossier(1)])
    assert read(tmp_path / "quarantine.csv") == [HEADER]


def test_a_failed_write_leaves_the_old_table(tmp_path, monkeypatch):
    path = tmp_path / "quarantine.csv"
    write_quarantine(path, [dossier(1)])

    def fail(_dossier):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("voxgate.corpus.validation.table._quarantined", fail)
    with pytest.raises(StorageError):
        write_quarantine(path, [dossier(1, codes=["high_cer"])])
    assert read(path) == [HEADER]
    assert [entry.name for entry in tmp_path.iterdir()] == ["quarantine.csv"]


def test_clips_come_sorted_and_none_may_be_missing():
    found = [dossier(2), dossier(1)]
    closed = close_dossiers(found, expected_rows=2)
    assert [clip.ingested.recording.recording_id for clip in closed] == ["r00001", "r00002"]
    for rows, expected in ((found, 3), ([*found, found[0]], 3)):
        with pytest.raises(StageError, match=f"expected {expected} different recordings"):
            close_dossiers(rows, expected_rows=expected)
