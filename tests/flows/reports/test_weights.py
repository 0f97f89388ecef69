from __future__ import annotations

from pathlib import Path

from flows.reports.weights import describe_asset, describe_import
from voxgate.adapters.public_gpt_sovits.weights import ImportedFile


def test_an_asset_says_its_digest_below_its_source() -> None:
    row = {
        "name": "ge2e", "present": False, "licence": "Apache-2.0", "source": "a wheel",
        "sha256": "ab",
    }  # fmt: skip
    first, second = describe_asset(row).splitlines()
    assert first.split() == ["ge2e", "absent", "Apache-2.0", "a", "wheel"]
    assert second.split() == ["sha256", "ab"]


def test_an_exported_voice_says_that_nothing_can_be_trained_on_it() -> None:
    imported = ImportedFile(
        source="v.pth", source_sha256="a", known_as=None, network="s2", preset="v2",
        trainable=False, folder=Path("store/v"), sha256="b",
    )  # fmt: skip
    assert describe_import(imported).splitlines() == [
        "v.pth: s2 v2 (exported: no posterior, cannot be trained on); "
        "not one of the published base files",
        "  source sha256 a",
        "  store/v",
        "  result sha256 b",
    ]
