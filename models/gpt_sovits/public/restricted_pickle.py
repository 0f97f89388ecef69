"""Read PyTorch's zip checkpoints without running what they say.

A pickle is a program: the ordinary loader calls whatever it names. This one knows four names and
refuses every other before anything is called. Bytes in, tensors and plain values out.
"""

from __future__ import annotations

import io
import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

__all__ = ["CheckpointError", "read_archive"]

_STORAGES = {
    "FloatStorage": torch.float32,
    "HalfStorage": torch.float16,
    "BFloat16Storage": torch.bfloat16,
    "DoubleStorage": torch.float64,
    "LongStorage": torch.int64,
    "IntStorage": torch.int32,
    "BoolStorage": torch.bool,
}


class CheckpointError(ValueError):
    """A checkpoint is damaged, unsafe, or not of a kind that is supported."""


@dataclass(frozen=True)
class _Storage:
    """What a storage name in the pickle stands for."""

    dtype: torch.dtype


class _Settings:
    """Stands in for the training code's configuration class: its attributes, no behaviour."""

    def __setstate__(self, state: object) -> None:
        if not isinstance(state, dict):
            raise CheckpointError(f"configuration: expected named values, got {type(state)}")
        self.__dict__.update(state)


class _Unpickler(pickle.Unpickler):
    def __init__(self, data: bytes, storage: Callable[[str, torch.dtype], Tensor]) -> None:
        super().__init__(io.BytesIO(data))
        self._storage = storage

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _rebuild
        if module == "torch" and name in _STORAGES:
            return _Storage(_STORAGES[name])
        if (module, name) == ("utils", "HParams"):
            return _Settings
        raise CheckpointError(
            f"the file asks to run {module}.{name}, which no GPT-SoVITS checkpoint needs. Nothing "
            "was run. Do not use this file: get the checkpoint from its publisher again"
        )

    def persistent_load(self, pid: Any) -> Tensor:
        if not (isinstance(pid, tuple) and len(pid) == 5 and pid[0] == "storage"):  # noqa: PLR2004
            raise CheckpointError(f"expected a reference to a tensor's storage, got {pid!r:.80}")
        kind, key = pid[1], pid[2]
        if not isinstance(kind, _Storage) or not isinstance(key, str):
            raise CheckpointError(f"storage {key!r:.40} has no known number type")
        return self._storage(key, kind.dtype)


def _rebuild(
    storage: Tensor, offset: int, size: Sequence[int], stride: Sequence[int], *_: object
) -> Tensor:
    """View a flat storage as a tensor, inside its bounds."""
    if not isinstance(storage, Tensor) or len(size) != len(stride):
        raise CheckpointError("a tensor in the checkpoint does not say where its numbers are")
    last = offset + sum((n - 1) * s for n, s in zip(size, stride, strict=True))
    if min([offset, *size, *stride]) < 0 or (0 not in size and last >= len(storage)):
        raise CheckpointError(
            f"a tensor of shape {tuple(size)} reaches past its {len(storage)} stored numbers: the "
            "file is damaged; fetch it again"
        )
    return storage.as_strided(tuple(size), tuple(stride), offset).clone()


def read_archive(data: bytes) -> Any:
    """Read a zip checkpoint whose first two bytes are "PK".

    Returns:
        What was saved: tensors, dicts, lists, strings, numbers; configuration classes as dicts.

    Raises:
        CheckpointError: it is damaged, compressed, of the old format, or names something to run.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise CheckpointError(f"not a checkpoint (a zip archive was expected): {error}") from error
    with archive:
        names = [name for name in archive.namelist() if name.endswith("/data.pkl")]
        if len(names) != 1 or any(entry.compress_type for entry in archive.infolist()):
            raise CheckpointError("not a checkpoint of torch.save: no data.pkl, or compressed")
        folder = names[0].removesuffix("data.pkl")

        def storage(key: str, dtype: torch.dtype) -> Tensor:
            raw = archive.read(f"{folder}data/{key}")
            if not raw:
                return torch.empty(0, dtype=dtype)
            return torch.frombuffer(bytearray(raw), dtype=dtype)

        try:
            return _plain(_Unpickler(archive.read(names[0]), storage).load())
        except CheckpointError:
            raise
        # Whatever a damaged or hostile program trips over, the answer is the same refusal.
        except Exception as error:
            raise CheckpointError(
                f"the checkpoint cannot be read ({type(error).__name__}: {error}); fetch it again"
            ) from error


def _plain(value: Any) -> Any:
    if isinstance(value, _Settings):
        return _plain(value.__dict__)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value
