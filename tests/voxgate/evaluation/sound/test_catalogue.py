from __future__ import annotations

from voxgate.evaluation.sound.catalogue import CATALOGUE, MEASURES


def test_every_measure_has_a_name_of_its_own() -> None:
    assert len(set(MEASURES)) == len(CATALOGUE)
