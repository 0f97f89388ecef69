"""A training state as files of at most 15 MB, so that it can leave a machine in pieces.

torch's own format, read with `weights_only`: nothing but tensors is ever loaded.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from voxgate.files import write_bytes, write_json

__all__ = ["PART_BYTES", "read_state", "write_state"]

PART_BYTES = 15_000_000
_INDEX = "state.json"


def write_state(folder: Path, state: Mapping[str, Tensor]) -> None:
    """Write the parts under the digest of the whole, then the index that names them."""
    buffer = io.BytesIO()
    torch.save({name: tensor.detach().cpu().clone() for name, tensor in state.items()}, buffer)
    data = buffer.getvalue()
    digest = hashlib.sha256(data).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for number, start in enumerate(range(0, len(data), PART_BYTES)):
        names.append(f"state-{digest[:12]}-{number:02d}.bin")
        write_bytes(folder / names[-1], data[start : start + PART_BYTES])
    write_json(folder / _INDEX, {"sha256": digest, "parts": names})
    for old in folder.glob("state-*.bin"):
        if old.name not in names:
            old.unlink()


def read_state(folder: Path) -> dict[str, Tensor] | None:
    """Read what `write_state` wrote, or None where nothing was written.

    Raises:
        ValueError: a part is missing or is not the one that was written.
    """
    if not (folder / _INDEX).is_file():
        return None
    index = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
    absent = [name for name in index["parts"] if not (folder / name).is_file()]
    if absent:
        raise ValueError(f"{folder}: {', '.join(absent)} missing; bring all parts of the state")
    data = b"".join((folder / name).read_bytes() for name in index["parts"])
    if hashlib.sha256(data).hexdigest() != index["sha256"]:
        raise ValueError(f"{folder}: the parts are not those of {_INDEX}; bring them again")
    state: dict[str, Tensor] = torch.load(io.BytesIO(data), weights_only=True)
    return state
