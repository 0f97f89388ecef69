import json

import pytest

from tests.fakes.gpu import KIND, MIB, measured
from voxgate.errors import ConfigError
from voxgate.serving.pool.memory_table import MemoryTable

ROW = measured((10, 100), (20, 150), loaded=40 * MIB)


def test_a_sentence_needs_what_was_measured_beside_the_loaded_voice():
    assert ROW.needed_bytes(10) == 60 * MIB
    assert ROW.needed_bytes(11) == 110 * MIB
    assert ROW.needed_bytes(21) is None
    assert ROW.longest == 20
    assert measured((1, 1), loaded=2 * MIB).needed_bytes(1) == 0


def test_a_table_comes_back_as_it_was_written(tmp_path):
    file = tmp_path / "memory.json"
    assert MemoryTable.read(file) == MemoryTable()
    table = MemoryTable().with_row(ROW).with_row(measured((5, 9), voice="12e5" * 16))
    table.write(file)
    assert MemoryTable.read(file) == table


def test_there_is_one_row_a_voice_precision_and_kind(tmp_path):
    newer = measured((30, 300))
    table = MemoryTable().with_row(ROW).with_row(newer)
    assert table.rows == (newer,)
    assert table.find(ROW.voice, precision="float32", device=KIND) == newer
    assert table.find(ROW.voice, precision="bfloat16", device=KIND) is None
    assert table.find(ROW.voice, precision="float32", device="Other") is None
    assert table.find("cd" * 32, precision="float32", device=KIND) is None
    assert (table.has_device(KIND), table.has_device("Other")) == (True, False)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"schema": 2}, "expected schema 1"),
        ({"measured": None}, "TypeError"),
        ({"measured": [ROW.as_document() | {"sizes": []}]}, "no size was measured"),
        ({"measured": [ROW.as_document() | {"loaded_bytes": -1}]}, "whole number, got -1"),
        ({"measured": [ROW.as_document() | {"loaded_bytes": True}]}, "whole number, got True"),
        ({"measured": [ROW.as_document() | {"more": 1}]}, "fields"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path, change, fault):
    file = tmp_path / "memory.json"
    file.write_text(json.dumps({"schema": 1, "measured": []} | change))
    with pytest.raises(ConfigError, match=fault):
        MemoryTable.read(file)
