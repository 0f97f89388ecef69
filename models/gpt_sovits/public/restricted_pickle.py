"""Read PyTorch's zip checkpoints without running what they say.

A pickle is a program: the ordinary loader calls whatever it names. This one knows four names and
refuses every other before anything is called; `pickle_program` bounds what they are called with.
No tensor and no sum of tensors is larger than the file lets expect. Bytes in, tensors and plain
values out.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from models.gpt_sovits.public.pickle_program import CheckpointError, Settings, run_program

__all__ = ["CheckpointError", "read_archive"]

_MAX_PROGRAM_BYTES = 32 << 20
_MAX_COPIES = 4
"""Tensors may share their numbers (tied weights) and are copied apart: so many times at most."""

_SLACK_BYTES = 1 << 20
_REFERENCE_PARTS = 5
_MAX_DIMENSIONS = 8

_STORAGES = {
    "FloatStorage": torch.float32,
    "HalfStorage": torch.float16,
    "BFloat16Storage": torch.bfloat16,
    "DoubleStorage": torch.float64,
    "LongStorage": torch.int64,
    "IntStorage": torch.int32,
    "BoolStorage": torch.bool,
}


@dataclass(frozen=True)
class _Storage:
    """What a storage name in the pickle stands for."""

    dtype: torch.dtype


@dataclass
class _Archive:
    """The names that a checkpoint may use, over the storages of its archive."""

    archive: zipfile.ZipFile
    folder: str
    bytes_left: int
    storages: dict[tuple[str, torch.dtype], Tensor] = field(default_factory=dict)

    def find_name(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return _ordered_dict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return self.rebuild
        if module == "torch" and name in _STORAGES:
            return _Storage(_STORAGES[name])
        if (module, name) == ("utils", "HParams"):
            return Settings
        raise CheckpointError(
            f"the file asks to run {module}.{name}, which no GPT-SoVITS checkpoint needs. Nothing "
            "was run. Do not use this file: get the checkpoint from its publisher again"
        )

    def find_storage(self, reference: Any) -> Tensor:
        # Never shown in a message: to print it may take for ever.
        if not isinstance(reference, tuple) or len(reference) != _REFERENCE_PARTS:
            raise CheckpointError("expected a reference to a tensor's storage, got something else")
        tag, kind, key = reference[:3]
        if tag != "storage" or not isinstance(kind, _Storage) or not isinstance(key, str):
            raise CheckpointError("a tensor's storage has no name or no known number type")
        if (key, kind.dtype) not in self.storages:
            raw = bytearray(self.archive.read(f"{self.folder}data/{key}"))
            self._spend(len(raw))
            self.storages[key, kind.dtype] = (
                torch.frombuffer(raw, dtype=kind.dtype) if raw else torch.empty(0, dtype=kind.dtype)
            )
        return self.storages[key, kind.dtype]

    def rebuild(
        self,
        storage: Tensor,
        offset: int,
        size: Sequence[int],
        stride: Sequence[int],
        *_: object,
    ) -> Tensor:
        """View a flat storage as a tensor, inside its bounds, and copy it."""
        if not isinstance(storage, Tensor) or not _are_numbers([offset], size, stride):
            raise CheckpointError("a tensor in the checkpoint does not say where its numbers are")
        last = offset + sum((n - 1) * s for n, s in zip(size, stride, strict=True))
        count = math.prod(size)
        if min([offset, *size, *stride]) < 0 or (count and last >= len(storage)):
            raise CheckpointError(
                f"a tensor of shape {tuple(size)} reaches past its {len(storage)} stored numbers: "
                "the file is damaged; fetch it again"
            )
        if count > len(storage):
            raise CheckpointError(
                f"a tensor of shape {tuple(size)} asks for {count} numbers, and {len(storage)} are "
                "stored: it repeats them, which no published checkpoint does; fetch it again"
            )
        self._spend(count * storage.element_size())
        return storage.as_strided(tuple(size), tuple(stride), offset).clone()

    def _spend(self, count: int) -> None:
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise CheckpointError(
                "its tensors ask for many times the memory that the file has; fetch it again"
            )


def _ordered_dict(*arguments: object) -> OrderedDict[str, Any]:
    if arguments:
        raise CheckpointError("an ordered dictionary in it is not filled step by step")
    return OrderedDict()


def _are_numbers(*groups: object) -> bool:
    sequences = [group for group in groups if isinstance(group, (list, tuple))]
    return (
        len(sequences) == len(groups)
        and len(sequences[1]) == len(sequences[2]) <= _MAX_DIMENSIONS
        and all(type(number) is int for group in sequences for number in group)
    )


def read_archive(data: bytes) -> Any:
    """Read a zip checkpoint whose first two bytes are "PK".

    Returns:
        What was saved: tensors, dicts, lists, strings, numbers; configuration classes as dicts.

    Raises:
        CheckpointError: it is damaged, compressed, of the old format, or names something to run.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            program, folder = _find_program(archive, len(data))
            content = _Archive(archive, folder, bytes_left=_MAX_COPIES * len(data) + _SLACK_BYTES)
            return _plain(
                run_program(archive.read(program), content.find_name, content.find_storage)
            )
    except CheckpointError:
        raise
    except zipfile.BadZipFile as error:
        raise CheckpointError(
            f"not a checkpoint (a zip archive was expected): {error}; fetch it again"
        ) from error
    # Whatever a damaged or hostile file trips over, the answer is the same refusal.
    except Exception as error:
        raise CheckpointError(
            f"the checkpoint cannot be read ({type(error).__name__}: {error}); fetch it again"
        ) from error


def _find_program(archive: zipfile.ZipFile, file_bytes: int) -> tuple[str, str]:
    """Return the name of the pickle and the folder that it is in."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    programs = [entry for entry in entries if entry.filename.endswith("/data.pkl")]
    if len(programs) != 1 or any(entry.compress_type for entry in entries):
        raise CheckpointError("not a checkpoint of torch.save: no data.pkl, or compressed")
    if len(set(names)) != len(names) or sum(entry.file_size for entry in entries) > file_bytes:
        raise CheckpointError(
            "not a checkpoint of torch.save: entries of one name, or more in it than its bytes; "
            "fetch it again"
        )
    if programs[0].file_size > _MAX_PROGRAM_BYTES:
        raise CheckpointError(
            f"its data.pkl has {programs[0].file_size} bytes, expected at most {_MAX_PROGRAM_BYTES}"
        )
    return programs[0].filename, programs[0].filename.removesuffix("data.pkl")


def _plain(value: Any) -> Any:
    if isinstance(value, Settings):
        return _plain(value.__dict__)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value
