"""What a file is, who can read it, and why nobody can; nothing is decoded here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from voxgate.audio.completeness import Framing, inspect_framing
from voxgate.audio.containers import (
    DEMUXERS,
    EXPECTED_CONTAINERS,
    HEADERLESS_SUFFIXES,
    LIBSNDFILE_DECLINES,
    VIDEO_CONTAINERS,
    find_mistake,
    sniff_container,
)
from voxgate.errors import RecordingError

__all__ = ["IdentifiedFile", "identify_file", "reason_of", "undecodable"]

_MAX_REASON_CHARACTERS = 300

_UNSPLIT_CONTAINERS = frozenset({"wav", "aiff"})
"""Containers of which every reader sees the first recording only."""


@dataclass(frozen=True, kw_only=True)
class IdentifiedFile:
    """A file that may hold sound.

    found: the container by its first bytes; None if they tell nothing.
    """

    path: Path
    found: str | None
    framing: Framing

    @property
    def expected(self) -> str | None:
        """Return the container that the suffix promises."""
        suffix = self.path.suffix.lower()
        known = EXPECTED_CONTAINERS | VIDEO_CONTAINERS | HEADERLESS_SUFFIXES
        return known.get(suffix)

    @property
    def container(self) -> str:
        """Return the container by the first bytes, else by the name."""
        return self.found or self.expected or "unknown"

    @property
    def actions(self) -> tuple[str, ...]:
        """Return `extension_mismatch`, if the name promises something else."""
        mismatch = self.expected and self.container != self.expected
        return (f"extension_mismatch:{self.container}",) if mismatch else ()

    @property
    def demuxer(self) -> str | None:
        """Return FFmpeg's demuxer for it, None if FFmpeg is not to read it."""
        return self._headerless or DEMUXERS.get(self.container)

    @property
    def for_libsndfile(self) -> bool:
        """Tell whether libsndfile reads it, and all of it."""
        # libsndfile would guess a format from the first bytes of what is not a header.
        whole = self.framing.parts == 1
        return not self._headerless and self.found not in LIBSNDFILE_DECLINES and whole

    @property
    def _headerless(self) -> str | None:
        return HEADERLESS_SUFFIXES.get(self.path.suffix.lower()) if self.found is None else None


def identify_file(path: Path) -> IdentifiedFile:
    """Look at the first bytes and the framing of `path`.

    Raises:
        RecordingError: `missing_file`, `empty_audio`, `wrong_format` (something that is known to be
            no recording), `several_recordings` that no reader takes apart.
        OSError: the file cannot be opened.
    """
    if not path.is_file():
        raise RecordingError(
            "missing_file",
            f"expected an audio file at {path.name}, found none; add the file or remove its line",
        )
    if path.stat().st_size == 0:
        raise RecordingError(
            "empty_audio", f"{path.name} has 0 bytes; record or export it again, or remove its line"
        )
    container = sniff_container(path)
    if container is None and (mistake := find_mistake(path)):
        raise RecordingError("wrong_format", f"{path.name} is {mistake}")
    framing = inspect_framing(path, container)
    if framing.parts > 1 and container in _UNSPLIT_CONTAINERS:
        raise RecordingError(
            "several_recordings",
            f"{path.name}: a second {container} file was appended to it, which no decoder reads; "
            "store each recording in a file of its own",
        )
    return IdentifiedFile(path=path, found=container, framing=framing)


def reason_of(error: Exception, path: Path) -> str:
    """Return one line of printable characters without this machine's paths."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    line = "".join(c if c.isprintable() else " " for c in text.replace(str(path), path.name))
    return line.removeprefix("Error : ").strip().rstrip(".")[:_MAX_REASON_CHARACTERS]


def undecodable(file: IdentifiedFile, reasons: list[str]) -> RecordingError:
    """Return the error of a file that no reader could begin with."""
    path, expected = file.path, file.expected
    why = "; ".join(reasons) or "its first bytes are no known audio format"
    named = expected and path.suffix.lower() not in HEADERLESS_SUFFIXES
    if named and file.found != expected:
        return RecordingError(
            "wrong_format",
            f"{path.name}: expected {expected} from its name, its first bytes are "
            f"{file.found or 'no known audio format'}, and no decoder reads it ({why}); "
            "export it again or correct the suffix",
        )
    return RecordingError(
        "unreadable", f"{path.name}: no decoder reads it ({why}); export it again"
    )
