"""Figures of two data versions, from tables, from sound, and where there are none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tasks.data_versions.shape import shape_data
from tests.fakes.dvc_checkout import copy_checkout, note_validation
from tests.fakes.validated_clips import clips, write_validated
from voxgate.adapters.dvc.data import version_at
from voxgate.evaluation.data_shape.comparison import DataShape
from voxgate.stage import Workspace
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.data_exchange import open_versions

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """Return a checkout of two tones, of which nothing is known but their texts."""
    root = copy_checkout(tmp_path / "checkout")
    shutil.copytree(ROOT / "benchmark", root / "benchmark")
    shutil.copy(ROOT / "params.yaml", root)
    return Checkout.open(root)


def _shape(checkout: Checkout, *revisions: str | None, measure: bool = False) -> DataShape:
    old, new = open_versions(checkout.root, *revisions)
    return shape_data(checkout, old, new, measure=measure)


def test_without_a_validation_the_texts_are_counted_and_the_rest_is_missing(
    checkout: Checkout,
) -> None:
    found = _shape(checkout, "HEAD", None)
    assert (found.old.source, found.old.clips, found.old.seconds) == ("listed", 2, None)
    assert found.old.words["tone"] >= 1
    assert found.old.missing[0].startswith("no validation of this version is in DVC's cache")
    assert "sound of 2 clips: `--measure` listens to it, once" in found.old.missing


def test_what_was_listened_to_once_is_known_from_then_on(checkout: Checkout) -> None:
    shutil.rmtree(checkout.workspace.data_dir)  # what DVC's cache holds is enough
    heard = _shape(checkout, "HEAD", "HEAD", measure=True)
    assert heard.new.source == "measured"
    assert heard.new.seconds is not None
    assert heard.distributions["duration_s"][1].count == 2
    low, high = heard.new.values["pitch_hz"]
    assert (round(low, -1), round(high, -1)) == (300, 400)
    assert _shape(checkout, "HEAD", "HEAD").as_json() == heard.as_json()
    assert not any("speaker" in name for name in heard.new.values if heard.new.values[name])


def test_figures_of_a_validated_version_are_its_validations(
    checkout: Checkout, tmp_path: Path
) -> None:
    rows = [*clips(3), *clips(1, status="quarantined", speaker="bob")]
    made, _ = write_validated(tmp_path / "made", rows)
    table = made.stage_dir("validate") / "clips.parquet"
    note_validation(checkout.root, version_at(checkout.root, "HEAD"), table.read_bytes())
    found = _shape(Checkout.open(Workspace(checkout.root).root), "HEAD", None)
    assert (found.old.source, found.old.clips) == ("validated", 3)  # quarantined ones train nothing
    assert found.distributions["snr_db"][0].count == 3
    assert found.old.seconds == pytest.approx(10.5)
    assert found.old.version == found.new.version
    assert "pitch, median of a clip: known of 0 of 3 clips" in found.old.missing
