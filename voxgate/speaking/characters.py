"""What Chinese text means to a voice: the features that S1 reads beside the phones."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from models.gpt_sovits.presets import Preset
from voxgate.errors import VoiceError
from voxgate.text.phonemes import Phonemes
from voxgate.voice.card import VoiceCard
from voxgate.voice.text_features import BERT_FILE, TextFeatures, featured, read_characters

__all__ = ["CharacterReader", "packaged_characters"]


@dataclass(frozen=True, kw_only=True)
class CharacterReader:
    """Reads the characters of texts for one voice. C channels, L phones."""

    expected: str | None
    """Digest of the BERT that the voice was trained with; None: with zeros."""

    source: TextFeatures | None = field(repr=False)
    channels: int
    device: str

    def features(self, read: Phonemes) -> Tensor | None:
        """Return (C, L) features of a text that was read; None: there is no Chinese in it.

        Raises:
            VoiceError: there is, and what the voice was trained with is not at hand.
        """
        spans = featured(read.spans)
        if not spans or self.expected is None:
            return None
        if self.source is None:
            raise VoiceError(
                f"{spans[0].text!r} is Chinese, which the voice was taught with BERT "
                f"{self.expected}: run `voxgate weights import {BERT_FILE}` and load the voice "
                "with `text_features` (docs/public_weights.md)"
            )
        characters = read_characters(spans, self.source, channels=self.channels)
        assert characters is not None
        return torch.from_numpy(characters.over_phones(len(read.ids))).to(self.device)


def packaged_characters(
    folder: Path, card: VoiceCard, preset: Preset, source: TextFeatures | None, *, device: str
) -> CharacterReader:
    """Return what reads characters for a voice package.

    Raises:
        VoiceError: `source` is not what the voice was trained with.
    """
    expected = card.text_features_sha256
    if source is not None and source.sha256 != expected:
        raise VoiceError(
            f"{folder}: trained with the BERT {expected}, got {source.sha256}: they say other "
            "things of the same text; load the one that the card names"
        )
    return CharacterReader(
        expected=expected, source=source, channels=preset.text_channels, device=device
    )
