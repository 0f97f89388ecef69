"""From a public checkpoint file to safetensors + JSON in the asset store, and back.

<assets_dir>/imported/<stem>-<first of the source's sha256>/
    s1.safetensors, s1.json       (or s2, discriminators: checkpoints.py's own format)
    model.safetensors, model.json and what is published beside it (a frozen extractor)
    asset.json                    where it came from
"""

from __future__ import annotations

import re
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from models.gpt_sovits.checkpoints import (
    CheckpointError,
    read_public_checkpoint,
    save_checkpoint,
)
from models.gpt_sovits.public.checkpoints import PublicCheckpoint
from models.gpt_sovits.public.networks import FROZEN
from voxgate.adapters.assets.origins import folder_digest
from voxgate.adapters.assets.store import RECORD, file_digests
from voxgate.adapters.public_gpt_sovits.files import KNOWN_FILES
from voxgate.errors import WeightsError
from voxgate.files import canonical_json, digest_file, publish_directory, read_json, write_json

__all__ = ["IMPORTED", "ImportedFile", "find_imported", "import_public"]

IMPORTED = "imported"
_KEPT_DIGITS = 12
_COMPANIONS = {"hubert": ("config.json",), "bert": ("config.json",)}
_VOCABULARIES = ("tokenizer.json", "vocab.txt")
_LFS_POINTER = b"version https://git-lfs"


@dataclass(frozen=True, kw_only=True)
class ImportedFile:
    """One converted file."""

    source: str
    """Name of the file that was read."""

    source_sha256: str
    known_as: str | None
    """Its path in the published repository; None: not one of the published base files."""

    network: str
    preset: str
    trainable: bool
    """False: an exported voice without its posterior, which training cannot start from."""

    folder: Path
    sha256: str
    """Of the tensors (S1, S2, discriminators), or of the folder (what `featurize` pins)."""

    @property
    def stem(self) -> str:
        """Name of the tensor file without its suffix."""
        return "model" if self.network in FROZEN.values() else self.network

    def as_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return asdict(self) | {"folder": str(self.folder)}


def import_public(path: Path, assets_dir: Path) -> ImportedFile:
    """Verify and convert one file; what was converted before and is sound is left alone.

    Raises:
        WeightsError: the file is absent, damaged, unsafe, not of GPT-SoVITS, of a version that is
            not supported, or lacks a file that is published beside it.
        StorageError: the store could not be written.
    """
    if not path.is_file():
        raise WeightsError(f"{path} is missing; give the file that was downloaded")
    source_sha256 = digest_file(path)
    name = re.sub(r"[^\w.=-]", "_", path.stem)
    folder = assets_dir / IMPORTED / f"{name}-{source_sha256[:_KEPT_DIGITS]}"
    done = _read_record(folder)
    if done is not None:
        return done
    try:
        checkpoint = read_public_checkpoint(path)
    except CheckpointError as error:
        raise WeightsError(str(error)) from error
    with publish_directory(folder) as temporary:
        imported = _convert(path, checkpoint, source_sha256, temporary)
        record = imported.as_json() | {"folder": folder.name}
        write_json(temporary / RECORD, record | {"schema": 1, "files": file_digests(temporary)})
    return _at(imported, folder)


def find_imported(sha256: str, assets_dir: Path) -> Path | None:
    """Return the folder of the store whose result has this digest, by its record; None: no one."""
    for path in sorted((assets_dir / IMPORTED).glob(f"*/{RECORD}")):
        try:
            if read_json(path)["sha256"] == sha256:
                return path.parent
        except (OSError, ValueError, KeyError, TypeError):
            continue  # half of a folder; the next import of the file makes it whole
    return None


def _convert(
    path: Path, checkpoint: PublicCheckpoint, source_sha256: str, into: Path
) -> ImportedFile:
    try:
        canonical_json(checkpoint.config)
    except (TypeError, ValueError) as error:
        raise WeightsError(f"{path}: its configuration holds no plain settings: {error}") from error
    source = {"file": path.name, "sha256": source_sha256, "info": checkpoint.info}
    imported = ImportedFile(
        source=path.name,
        source_sha256=source_sha256,
        known_as=KNOWN_FILES.get(source_sha256),
        network=checkpoint.network,
        preset=checkpoint.preset,
        trainable=checkpoint.trainable,
        folder=into,
        sha256="",
    )
    sha256 = save_checkpoint(
        into / imported.stem,
        checkpoint.weights,
        preset=checkpoint.preset,
        extra={"network": checkpoint.network, "source": source, "config": checkpoint.config},
    )
    if imported.stem == "model":
        _copy_companions(path.parent, checkpoint.network, into)
        sha256 = folder_digest(file_digests(into))
    return ImportedFile(**(vars(imported) | {"sha256": sha256}))


def _copy_companions(beside: Path, network: str, into: Path) -> None:
    needed = _COMPANIONS.get(network, ())
    absent = [name for name in needed if not (beside / name).is_file()]
    vocabularies = [name for name in _VOCABULARIES if (beside / name).is_file()]
    if network == "bert" and not vocabularies:
        absent.append(" or ".join(_VOCABULARIES))
    if absent:
        raise WeightsError(
            f"{beside}: {', '.join(absent)} missing; these are published beside the weights: "
            "download the whole folder"
        )
    for name in (*needed, *(vocabularies if network == "bert" else ())):
        with (beside / name).open("rb") as stream:
            if stream.read(len(_LFS_POINTER)) == _LFS_POINTER:
                raise WeightsError(
                    f"{beside / name} is a Git LFS pointer and not the file; run `git lfs pull` "
                    "there"
                )
        shutil.copyfile(beside / name, into / name)


def _read_record(folder: Path) -> ImportedFile | None:
    """Return what a folder holds if it is complete and unchanged."""
    path = folder / RECORD
    if not path.is_file():
        return None
    try:
        record = read_json(path)
        if record.pop("schema") != 1 or record.pop("files") != file_digests(folder):
            return None
        return ImportedFile(**(record | {"folder": folder}))
    except (ValueError, KeyError, TypeError):
        return None  # damaged, or of another schema: converted again


def _at(imported: ImportedFile, folder: Path) -> ImportedFile:
    return ImportedFile(**(vars(imported) | {"folder": folder}))
