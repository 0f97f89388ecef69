from __future__ import annotations

import shutil
from pathlib import Path

from scripts.campaign.sites import copy_site, write_spec
from voxgate.campaigns.spec import read_spec

ROOT = Path(__file__).resolve().parents[3]


def test_the_example_is_made_under_another_name_for_the_voice_of_the_copy(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    shutil.copy(ROOT / "params.yaml", site)
    root = copy_site(site, tmp_path / "copy")
    spec = read_spec(write_spec(root, "first"))
    example = read_spec(ROOT / "examples" / "campaign" / "campaign.yaml")
    assert (spec.campaign, spec.model) == ("first", "voice-en")
    assert spec.templates == example.templates


def test_a_copy_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    site, root = tmp_path / "site", tmp_path / "copy"
    for folder in (site, root):
        folder.mkdir()
    (root / "old").touch()
    copy_site(site, root)
    assert list(root.iterdir()) == []
