from __future__ import annotations

from pathlib import Path

import pytest

from voxgate.errors import ConfigError
from voxgate.speaking import presets
from voxgate.speaking.presets import parse_preset, read_preset, shipped_presets

RELEASED = {
    "standard@1": "814225739e3955ee212f0632cde5c2b271ecc4a1ad6ecaf43a08207be040b8f3",
    "telephone@1": "a36b0bedda574c924c15fcc6b243106fae089c494c1968e8257660e16676d997",
    "realtime@1": "03de64039b8bafcc4eb424f784bea979e2f4c33332ad852bb5c61c73bfad84f0",
}
"""Labels that somebody may have named already: their rows never change."""


def test_a_shipped_row_never_changes() -> None:
    assert {row.label: row.digest for row in shipped_presets()} == RELEASED


def test_shipped_rows_say_what_their_names_promise() -> None:
    standard, telephone, realtime = shipped_presets()
    assert (standard.format, standard.cut, standard.loudness_lufs) == ("wav", "sentences", None)
    assert (telephone.format, telephone.loudness_lufs) == ("mp3", -19.0)
    assert (realtime.format, realtime.cut) == ("pcm", "every_mark")


def test_a_file_is_read_with_defaults(tmp_path: Path) -> None:
    path = tmp_path / "clinic.yaml"
    path.write_text("name: clinic\nversion: 2\nloudness_lufs: -20\nquality:\n  min_similarity: 0.7")
    row = read_preset(path)
    assert (row.label, row.loudness_lufs, row.seed) == ("clinic@2", -20.0, 0)
    assert row.quality.min_similarity == 0.7
    assert parse_preset(row.model_dump(mode="json"), "again") == row


def test_every_fault_is_listed() -> None:
    document = {"name": "A b", "version": 0, "threads": 2, "loud": 1, "pause_s": float("nan")}
    with pytest.raises(ConfigError) as caught:
        parse_preset(document, "x.yaml")
    assert caught.value.where == "x.yaml"
    named = {fault.partition(":")[0] for fault in caught.value.faults}
    assert named == {"name", "version", "threads", "loud", "pause_s"}


def test_no_mapping_and_no_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="expected a mapping, got list"):
        parse_preset([], "x.yaml")
    with pytest.raises(ConfigError, match="the file is missing"):
        read_preset(tmp_path / "gone.yaml")


def test_an_installed_file_that_was_altered_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    altered = tmp_path / "presets.yaml"
    monkeypatch.setattr(presets, "SHIPPED", altered)
    altered.write_text("name: standard")
    with pytest.raises(ConfigError, match="expected a list of presets"):
        shipped_presets()
    altered.write_text("- name: standard\n  version: 1\n- name: other")
    with pytest.raises(ConfigError, match="row 2: version"):
        shipped_presets()
