from __future__ import annotations

from pathlib import Path

import pytest

from tasks.presets.rows import add_preset, list_presets, show_preset
from voxgate.errors import ConfigError, UnknownPresetError


def test_a_preset_that_was_added_is_listed_with_its_digest(tmp_path: Path) -> None:
    file = tmp_path / "clinic.yaml"
    file.write_text("name: clinic\nversion: 1\npause_s: 0.35\n")
    row, added = add_preset(tmp_path, file, by="anna")
    assert added
    assert row in list_presets(tmp_path)
    assert show_preset(tmp_path, "clinic@1") == row
    assert (row["label"], row["pause_s"], len(row["digest"])) == ("clinic@1", 0.35, 64)
    assert add_preset(tmp_path, file, by="bob") == (row, False)


def test_a_file_with_faults_adds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "clinic.yaml"
    file.write_text("name: clinic\nversion: one\n")
    with pytest.raises(ConfigError, match="version"):
        add_preset(tmp_path, file, by="anna")
    with pytest.raises(UnknownPresetError):
        show_preset(tmp_path, "clinic")
