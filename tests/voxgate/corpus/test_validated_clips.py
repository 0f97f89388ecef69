"""The table of validate: ingest's columns, then what was found out."""

from dataclasses import fields

import pyarrow.parquet as pq
import pytest

from tests.fakes.clips import ingested_clip
from voxgate.audio.shards import Place
from voxgate.corpus.ingested_clips import INGESTED_SCHEMA, Fault, IngestedClip
from voxgate.corpus.manifest import Recording
from voxgate.corpus.validated_clips import (
    VALIDATED_SCHEMA,
    Figures,
    ValidatedClip,
    read_validated,
    validated_table,
    write_validated,
)


def validated(ingested, **changes):
    traits = {
        "train_text": "words",
        "trim_start": 0,
        "trim_end": 0,
        "figures": Figures(),
        "status": "accepted",
        "reasons": (),
        "warnings": (),
        "fixes": (),
        "detail": "[]",
    }
    return ValidatedClip(ingested=ingested, **(traits | changes))


GOOD = validated(
    ingested_clip("a", place=Place(0, 50, 16_000)),
    trim_start=800,
    trim_end=15_000,
    figures=Figures(snr_db=40.5, transcript="words", cer=0.0, duplicate_of="b"),
    status="fixed",
    warnings=("moderate_snr",),
    fixes=("silence_trimmed",),
    detail='[{"code":"silence_trimmed","message":"shorter"}]',
)
BROKEN = validated(
    IngestedClip(
        clip_id="f" * 16,
        recording=Recording("c", "audio/ada/c.wav", "ada", "en", "words"),
        source_sha256=None,
        audio=None,
        fault=Fault("missing_file", "add the file"),
    ),
    status="quarantined",
    reasons=("missing_file",),
)


def test_what_is_written_comes_back(tmp_path):
    write_validated(tmp_path, [GOOD, BROKEN])
    assert list(read_validated(tmp_path)) == [GOOD, BROKEN]


def test_the_table_begins_with_ingests_columns_and_has_every_figure(tmp_path):
    write_validated(tmp_path, [GOOD, BROKEN])
    table = pq.read_table(tmp_path / "clips.parquet")
    assert table.schema.equals(VALIDATED_SCHEMA)
    assert table.schema.names[: len(INGESTED_SCHEMA)] == INGESTED_SCHEMA.names
    assert {figure.name for figure in fields(Figures)} <= set(table.schema.names)


def test_a_table_of_some_columns_has_them_as_the_whole_one_does():
    names = {"status", "trim_end", "reasons", "clip_id"}
    some = validated_table([GOOD, BROKEN], names)
    assert set(some.column_names) == names
    assert some.equals(validated_table([GOOD, BROKEN]).select(some.column_names))
    with pytest.raises(ValueError, match="VALIDATED_SCHEMA, got nonsense"):
        validated_table([GOOD], {"status", "nonsense"})


def test_a_recording_without_audio_has_no_bounds(tmp_path):
    write_validated(tmp_path, [BROKEN])
    (row,) = pq.read_table(tmp_path / "clips.parquet").to_pylist()
    assert (row["trim_start"], row["trim_end"], row["snr_db"]) == (None, None, None)


@pytest.mark.parametrize(
    ("status", "usable"), [("accepted", True), ("fixed", True), ("quarantined", False)]
)
def test_only_what_is_kept_out_is_not_used(status, usable):
    assert validated(GOOD.ingested, status=status).usable is usable
