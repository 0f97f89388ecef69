"""The voice packages that training left."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from voxgate.errors import StageError
from voxgate.voice.card import CARD_NAME, PackageCard, card_digest, has_card, read_card

__all__ = ["Checkpoint", "card_languages", "find_checkpoints", "read_checkpoint"]


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """A voice package. `digest` is that of its card, which names the sha256 of each file."""

    name: str
    step: int
    folder: Path
    digest: str
    consent_scope: str
    languages: tuple[str, ...] = ()
    """Those that its card names, its own first; none of recordings that are only played."""


def find_checkpoints(folder: Path) -> list[Checkpoint]:
    """Return the packages `step-NNN` under `folder`, by step.

    Raises:
        StageError: there is none, or one is incomplete.
    """
    found = [read_checkpoint(path) for path in sorted(folder.glob("step-*"))]
    if not found:
        raise StageError(f"no checkpoint under {folder}; run `dvc repro train` first")
    return sorted(found, key=lambda checkpoint: checkpoint.step)


def read_checkpoint(folder: Path) -> Checkpoint:
    """Return the package in `folder`; its step is 0 unless the folder is called `step-NNN`.

    Raises:
        StageError: it is incomplete.
        VoiceError: its card does not say what every package has to.
    """
    if not has_card(folder):
        raise StageError(
            f"{folder / CARD_NAME} is missing: the voice package is incomplete; train again"
        )
    step = folder.name.removeprefix("step-")
    card = read_card(folder)
    return Checkpoint(
        name=folder.name,
        step=int(step) if step.isdigit() else 0,
        folder=folder,
        digest=card_digest(folder),
        consent_scope=card.consent_scope,
        languages=card_languages(card),
    )


def card_languages(card: PackageCard) -> tuple[str, ...]:
    """Return the languages that a card names; older cards name one."""
    return tuple(card.languages or filter(None, [card.language]))
