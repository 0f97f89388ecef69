"""Find the imported BERT that a voice was, or is to be, trained with."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from voxgate.errors import WeightsError
from voxgate.voice.card import read_card
from voxgate.voice.text_features import BERT_FILE, Rows, TextFeatures

if TYPE_CHECKING:
    from voxgate.adapters.extractors.bert_features import BertFeatures

__all__ = ["build_text_features", "find_text_features", "packaged_text_features"]


def build_text_features(sha256: str, assets_dir: Path) -> TextFeatures:
    """Return what reads Chinese; it is found now, and loaded (1.2 GB) when a text needs it.

    Raises:
        WeightsError: it was not imported on this machine.
    """
    return _ImportedBert(find_text_features(sha256, assets_dir), sha256, assets_dir)


def find_text_features(sha256: str, assets_dir: Path) -> Path:
    """Return the folder of the imported BERT with this digest, which loading it will check.

    Raises:
        WeightsError: it was not imported on this machine.
    """
    from voxgate.adapters.public_gpt_sovits.weights import find_imported

    folder = find_imported(sha256, assets_dir)
    if folder is None:
        raise WeightsError(
            f"BERT with sha256 {sha256}, which tells a voice what Chinese text means, is not in "
            f"{assets_dir}; run `voxgate weights import {BERT_FILE}` on this machine, with the "
            "files that are published beside it (docs/public_weights.md)"
        )
    return folder


def packaged_text_features(folder: Path) -> TextFeatures | None:
    """Return the one that the card of a voice package names; None: it was trained without.

    Raises:
        VoiceError: the folder is no voice package.
        WeightsError: it was not imported on this machine.
    """
    from voxgate.settings import load_settings

    sha256 = read_card(folder).text_features_sha256
    return None if sha256 is None else build_text_features(sha256, load_settings().assets_dir)


class _ImportedBert:
    """Implements TextFeatures; most texts of most voices never need it."""

    def __init__(self, folder: Path, sha256: str, assets_dir: Path) -> None:
        self._folder, self._assets_dir = folder, assets_dir
        self.sha256 = sha256

    def compute(self, text: str) -> Rows:
        return self._opened.compute(text)

    @cached_property
    def _opened(self) -> BertFeatures:
        from voxgate.adapters.extractors.bert_features import load_bert

        return load_bert(str(self._folder), sha256=self.sha256, assets_dir=self._assets_dir)
