"""The voice packages that training left."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from voxgate.errors import StageError
from voxgate.files import digest_file, read_json

__all__ = ["Checkpoint", "find_checkpoints", "read_checkpoint"]


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """A voice package. `digest` is that of voice.json, which names the sha256 of each file."""

    name: str
    step: int
    folder: Path
    digest: str
    consent_scope: str


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
    """
    card = folder / "voice.json"
    if not card.is_file():
        raise StageError(f"{card} is missing: the voice package is incomplete; train again")
    step = folder.name.removeprefix("step-")
    return Checkpoint(
        name=folder.name,
        step=int(step) if step.isdigit() else 0,
        folder=folder,
        digest=digest_file(card),
        consent_scope=str(read_json(card)["consent_scope"]),
    )
