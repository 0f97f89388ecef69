from __future__ import annotations

from pathlib import Path

from tasks.measuring.shipped import is_pinned, pin
from voxgate.files import read_json, write_json


def test_shipped_evidence_counts_only_as_it_was_pinned(tmp_path: Path) -> None:
    shipped = tmp_path / "gold.json"
    shipped.write_text("{}")
    assert not is_pinned(shipped)
    write_json(tmp_path / "base.json", {"schema": 1, "files": {"s1.safetensors": "c" * 64}})
    assert not is_pinned(shipped)
    pin(shipped)
    assert is_pinned(shipped)
    assert read_json(tmp_path / "base.json")["files"]["s1.safetensors"] == "c" * 64
    shipped.write_text('{"word_errors": 0}')
    assert not is_pinned(shipped)
