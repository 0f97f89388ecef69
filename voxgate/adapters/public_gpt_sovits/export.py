"""Write S1 and S2 of a voice, a base or an import as files that GPT-SoVITS itself loads."""

from __future__ import annotations

from pathlib import Path

import safetensors.torch

from models.gpt_sovits.checkpoints import (
    CheckpointError,
    load_checkpoint,
    write_public_checkpoint,
)
from models.gpt_sovits.presets import Preset, preset
from voxgate.errors import WeightsError
from voxgate.voice.card import CARD_NAME, has_card, read_voice_card
from voxgate.voice.package import verify_voice

__all__ = ["export_public"]

_SUFFIXES = {"s1": ".ckpt", "s2": ".pth"}


def export_public(folder: Path, into: Path, *, name: str) -> list[Path]:
    """Write `<into>/<name>.ckpt` (S1) and `<into>/<name>.pth` (S2), whichever `folder` has.

    Args:
        folder: a voice package, a folder under `base/`, or one that `import_public` wrote.
        into: where the files go.
        name: what they are called.

    Raises:
        WeightsError: there is nothing to export, it is damaged, or its preset has no public form.
        VoiceError: the card of the voice is broken.
    """
    try:
        if has_card(folder):
            return _export_voice(folder, into, name)
        stems = [stem for stem in _SUFFIXES if (folder / f"{stem}.json").is_file()]
        if not stems:
            raise WeightsError(
                f"{folder}: expected {CARD_NAME}, s1.json or s2.json; name a voice package, a "
                "folder under base/, or one that `voxgate weights import` wrote"
            )
        written = []
        for stem in stems:
            stored = load_checkpoint(folder / stem)
            path = into / f"{name}{_SUFFIXES[stem]}"
            info = str(stored.extra.get("source", {}).get("info", ""))
            write_public_checkpoint(path, stem, preset(stored.preset), stored.weights, info=info)
            written.append(path)
    except CheckpointError as error:
        raise WeightsError(f"{folder}: {error}") from error
    return written


def _export_voice(folder: Path, into: Path, name: str) -> list[Path]:
    card = read_voice_card(folder)
    verify_voice(folder, card)
    chosen: Preset = preset(card.preset)
    steps = {"s1": card.steps.s1, "s2": card.steps.s2}
    written = []
    for stem, suffix in _SUFFIXES.items():
        weights = safetensors.torch.load_file(folder / f"{stem}.safetensors")
        path = into / f"{name}{suffix}"
        write_public_checkpoint(path, stem, chosen, weights, info=f"{steps[stem]} steps")
        written.append(path)
    return written
