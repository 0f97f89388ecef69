"""The table of ingest: what is written comes back, and a fault has nothing about audio."""

import pyarrow.parquet as pq
import pytest

from tests.fakes.clips import ingested_clip
from voxgate.audio.shards import Place
from voxgate.corpus.ingested_clips import (
    INGESTED_SCHEMA,
    Fault,
    IngestedClip,
    count_ingested,
    read_ingested,
    write_ingested,
)
from voxgate.corpus.manifest import Recording
from voxgate.errors import StageError

GOOD = ingested_clip("a", place=Place(2, 100, 8_000), actions=("gained",), gain_db=3.5)
SILENT = ingested_clip("b", place=Place(2, 8_100, 16_000), source_loudness_lufs=None)
BROKEN = IngestedClip(
    clip_id="f" * 16,
    recording=Recording("c", "audio/ada/c.wav", "ada", "en", ""),
    source_sha256=None,
    audio=None,
    fault=Fault("missing_file", "expected a recording, found none; add the file"),
)


def test_what_is_written_comes_back(tmp_path):
    write_ingested(tmp_path, [GOOD, SILENT, BROKEN])
    assert list(read_ingested(tmp_path)) == [GOOD, SILENT, BROKEN]
    assert count_ingested(tmp_path) == 3


def test_every_column_of_a_clip_is_filled_and_none_about_audio_of_a_fault(tmp_path):
    write_ingested(tmp_path, [GOOD, BROKEN])
    table = pq.read_table(tmp_path / "clips.parquet")
    assert table.schema.equals(INGESTED_SCHEMA)
    good, broken = table.to_pylist()
    faults = {"fault_code", "fault_message"}
    assert {name for name, value in good.items() if value is None} == faults
    assert {name for name, value in broken.items() if value is not None} == faults | {
        *("clip_id", "recording_id", "speaker_id", "language", "text", "source_path")
    }
    assert good["duration_s"] == GOOD.audio.duration_s == 0.5


def test_the_same_clips_give_the_same_bytes(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        write_ingested(tmp_path / name, [GOOD, BROKEN])
    one, other = (tmp_path / name / "clips.parquet" for name in "ab")
    assert one.read_bytes() == other.read_bytes()


def test_a_missing_table_says_which_stage_to_run(tmp_path):
    with pytest.raises(StageError, match=r"clips\.parquet is missing; run `dvc repro ingest`"):
        next(read_ingested(tmp_path / "ingest"))
