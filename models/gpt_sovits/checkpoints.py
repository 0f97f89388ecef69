"""Weights on disk: the one module of the networks that touches files.

Our own format is `<name>.safetensors` with the tensors and `<name>.json` with the preset, the
sha256 of the tensors and whatever the caller adds. Neither can run anything when it is read.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors.torch
from torch import Tensor

from models.gpt_sovits.presets import Preset
from models.gpt_sovits.public.checkpoints import PublicCheckpoint, decode_public, encode_public
from models.gpt_sovits.public.restricted_pickle import CheckpointError

__all__ = [
    "Checkpoint",
    "CheckpointError",
    "load_checkpoint",
    "read_public_checkpoint",
    "save_checkpoint",
    "write_public_checkpoint",
]

SCHEMA = 1
_MAX_PUBLIC_BYTES = 8 << 30  # several times the largest that is published


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """Weights with what is known of them."""

    weights: Mapping[str, Tensor]
    preset: str
    sha256: str
    """Of the tensor file."""

    extra: Mapping[str, Any]
    """JSON values that the caller of `save_checkpoint` gave."""


def save_checkpoint(
    stem: Path,
    weights: Mapping[str, Tensor],
    *,
    preset: str,
    extra: Mapping[str, Any] | None = None,
) -> str:
    """Write `<stem>.safetensors` and then `<stem>.json`, each in one piece.

    The description is written last: weights without one are not a checkpoint.

    Returns:
        sha256 of the tensor file.
    """
    tensors = {key: value.detach().cpu().contiguous() for key, value in weights.items()}
    data = safetensors.torch.save(tensors)
    sha256 = hashlib.sha256(data).hexdigest()
    description = {
        "schema": SCHEMA,
        "preset": preset,
        "sha256": sha256,
        "extra": dict(extra or {}),
    }
    _write(_beside(stem, ".safetensors"), data)
    _write(_beside(stem, ".json"), json.dumps(description, indent=1, sort_keys=True).encode())
    return sha256


def load_checkpoint(stem: Path) -> Checkpoint:
    """Read what `save_checkpoint` wrote, and check its hash.

    Raises:
        CheckpointError: a file is absent, damaged, or of a newer schema.
    """
    description = _read_description(_beside(stem, ".json"))
    data = _read(_beside(stem, ".safetensors"))
    found = hashlib.sha256(data).hexdigest()
    if found != description["sha256"]:
        raise CheckpointError(
            f"{_beside(stem, '.safetensors')}: expected sha256 {description['sha256']}, got "
            f"{found}; the file was changed or cut short: restore both files together"
        )
    return Checkpoint(
        weights=safetensors.torch.load(data),
        preset=description["preset"],
        sha256=found,
        extra=description.get("extra", {}),
    )


def read_public_checkpoint(path: Path) -> PublicCheckpoint:
    """Read a `.ckpt` or `.pth` of GPT-SoVITS without running anything in it.

    Raises:
        CheckpointError: see `public_checkpoints.decode_public`; the message names the file.
    """
    try:
        return decode_public(_read(path, at_most=_MAX_PUBLIC_BYTES))
    except CheckpointError as error:
        raise CheckpointError(f"{path}: {error}") from error


def write_public_checkpoint(
    path: Path, network: str, chosen: Preset, weights: Mapping[str, Tensor], *, info: str
) -> None:
    """Write a file that the public code base reads ("s1": .ckpt, "s2": .pth)."""
    _write(path, encode_public(network, chosen, weights, info=info))


def _read_description(path: Path) -> dict[str, Any]:
    try:
        loaded = json.loads(_read(path))
    except json.JSONDecodeError as error:
        raise CheckpointError(f"{path}: not JSON ({error}); restore the file") from error
    if not isinstance(loaded, dict) or loaded.get("schema") != SCHEMA:
        found = loaded.get("schema") if isinstance(loaded, dict) else type(loaded).__name__
        raise CheckpointError(
            f"{path}: expected schema {SCHEMA}, got {found}; a newer version wrote it"
        )
    absent = {"preset", "sha256"} - loaded.keys()
    if absent:
        raise CheckpointError(f"{path}: {', '.join(sorted(absent))} missing; restore the file")
    return loaded


def _read(path: Path, *, at_most: int | None = None) -> bytes:
    try:
        if at_most is not None and path.stat().st_size > at_most:
            raise CheckpointError(f"expected a checkpoint of at most {at_most} bytes")
        return path.read_bytes()
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be read ({error.strerror})") from error


def _beside(stem: Path, suffix: str) -> Path:
    # Not with_suffix: a stem such as "step.600" keeps its dot.
    return stem.with_name(stem.name + suffix)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
