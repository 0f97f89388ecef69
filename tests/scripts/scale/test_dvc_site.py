"""A site of many recordings is one that the commands take, and can grow."""

from __future__ import annotations

from pathlib import Path

from scripts.scale.dvc_site import extend_site, make_site, pack_recordings
from voxgate.adapters.dvc.data import commit_data
from voxgate.adapters.dvc.diff import diff_data
from voxgate.adapters.dvc.tree import read_tree


def test_a_site_is_registered_grows_and_names_what_was_added(tmp_path: Path) -> None:
    root = tmp_path / "site"
    make_site(root, 3)
    assert {path.stat().st_size for path in root.rglob("*.wav")} == {1024}
    version = commit_data(root)
    extend_site(root, 2)
    found = diff_data(root)
    assert (found.old_version, len(found.added), len(found.files.added)) == (version, 2, 2)
    assert found.files.changed == ("manifest.csv",)


def test_the_same_recordings_are_packed_into_the_same_bytes(tmp_path: Path) -> None:
    root = tmp_path / "site"
    make_site(root, 3)
    for name in ("one", "two"):
        pack_recordings(root, tmp_path / name)
    assert read_tree(tmp_path / "one") == read_tree(tmp_path / "two")
    assert set(read_tree(tmp_path / "one").files) == {
        "audio-00000.tar",
        "consent.yaml",
        "manifest.csv",
    }
