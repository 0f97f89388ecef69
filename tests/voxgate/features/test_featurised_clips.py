"""The table of featurize: what is written comes back, with the sequences or without."""

import pyarrow.parquet as pq

from tests.fakes.clips import featurised_clip
from voxgate.audio.shards import Place
from voxgate.features.featurised_clips import (
    FEATURISED_SCHEMA,
    count_featurised,
    read_cut_clips,
    read_featurised,
    write_featurised,
)

CLIPS = [
    featurised_clip(f"{n:016x}", Place(n // 2, 10 * n, 16_000), phones=(n, 7), tokens=(n,))
    for n in range(3)
]


def test_what_is_written_comes_back_with_and_without_the_sequences(tmp_path):
    write_featurised(tmp_path, CLIPS)
    assert list(read_featurised(tmp_path)) == CLIPS
    assert list(read_cut_clips(tmp_path)) == [clip.cut for clip in CLIPS]
    assert count_featurised(tmp_path) == 3


def test_the_table_has_the_columns_of_the_schema(tmp_path):
    write_featurised(tmp_path, CLIPS)
    table = pq.read_table(tmp_path / "clips.parquet")
    assert table.schema.equals(FEATURISED_SCHEMA)
    assert not any(value is None for row in table.to_pylist() for value in row.values())
