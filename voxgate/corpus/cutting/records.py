"""What is kept of an import: data/imports/SPEAKER/SOURCE_ID/source.json and stretches.jsonl.

Two speakers of one recording are two imports of it. The files are written once, by an import;
review decisions lie in a file of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from voxgate.corpus.cutting.spans import Span, gaps
from voxgate.corpus.cutting.stretches import Status, Stretch
from voxgate.errors import CorpusError
from voxgate.files import canonical_json, read_json, write_json, write_text

__all__ = [
    "IMPORTS",
    "Import",
    "Source",
    "clip_id",
    "clip_path",
    "import_folder",
    "read_import",
    "read_imports",
    "write_import",
]

IMPORTS = "imports"
"""Folder of data/ in which each imported recording has a folder, below its speaker's."""

_SCHEMA = 1
_SOURCE_FILE = "source.json"
_STRETCHES_FILE = "stretches.jsonl"
_SAMPLES_A_MS = 16


@dataclass(frozen=True, kw_only=True)
class Source:
    """A long recording that was imported, and by what; the recording itself is not kept.

    source_id: `<stem>-<first 8 of sha256>`, safe as a file name.
    name: of the file, without its folder.
    sha256: of the file's bytes.
    sample_rate_hz, channels: as the file has them; its clips have this rate, and one channel.
    n_samples: length at 16 kHz, which the spans of its stretches count in.
    settings: digest of everything that decides the result: parameters, instruments, transcript,
        reference. The same source with the same settings is not cut again.
    instruments: identity of each instrument, by its part (`detector`, `recogniser`, ...).
    transcript: name of the file with the given text, if there was one.
    one_aligner: clips are kept although one aligner alone has placed their words.
    notes: what was noticed about the recording as a whole.
    """

    source_id: str
    name: str
    sha256: str
    container: str
    sample_rate_hz: int
    channels: int
    n_samples: int
    language: str
    speaker_id: str
    settings: str
    instruments: dict[str, Any]
    transcript: str | None = None
    one_aligner: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Import:
    """A source with its stretches, in order.

    Raises:
        ValueError: the stretches do not cover the source.
    """

    source: Source
    stretches: tuple[Stretch, ...]

    def __post_init__(self) -> None:
        left = gaps((stretch.span for stretch in self.stretches), self.source.n_samples)
        if left:
            raise ValueError(f"nothing says what becomes of {left[0]} of {self.source.source_id}")

    @property
    def clips(self) -> dict[str, Stretch]:
        """The kept and doubtful stretches, by clip id."""
        return {
            clip_id(self.source, stretch.span): stretch
            for stretch in self.stretches
            if stretch.status in {Status.KEPT, Status.DOUBTFUL}
        }


def clip_id(source: Source, span: Span) -> str:
    """Return the recording id of the clip that is cut there: it leads back to file and second."""
    start, end = span.start // _SAMPLES_A_MS, span.end // _SAMPLES_A_MS
    return f"{source.speaker_id}/{source.source_id}/{start:09d}-{end:09d}"


def clip_path(recording_id: str) -> str:
    """Return where a clip lies, relative to data/."""
    return f"audio/{recording_id}.flac"


def import_folder(source: Source) -> str:
    """Return where the two files of an import lie, relative to data/."""
    return f"{IMPORTS}/{source.speaker_id}/{source.source_id}"


def write_import(folder: Path, imported: Import) -> None:
    """Write both files into `folder`, which is the source's own."""
    document = _SOURCE.dump_python(imported.source, mode="json")
    write_json(folder / _SOURCE_FILE, {"schema": _SCHEMA, **document})
    write_text(folder / _STRETCHES_FILE, "".join(map(_dump_stretch, imported.stretches)))


def read_import(folder: Path) -> Import:
    """Read what `write_import` wrote.

    Raises:
        CorpusError: a file is absent, damaged, or from a newer schema.
    """
    stretches_file = folder / _STRETCHES_FILE
    try:
        document = read_json(folder / _SOURCE_FILE)
        if not isinstance(document, dict) or document.pop("schema", None) != _SCHEMA:
            raise CorpusError(f"{folder / _SOURCE_FILE}: expected `schema: {_SCHEMA}`{_AGAIN}")
        # Not `splitlines`: U+2028 inside a text does not end the line.
        lines = stretches_file.read_text(encoding="utf-8").split("\n")
        stretches = tuple(_STRETCH.validate_json(line) for line in lines if line)
        return Import(source=_SOURCE.validate_python(document), stretches=stretches)
    except OSError as error:
        raise CorpusError(f"{error.filename}: cannot be read: {error.strerror}{_AGAIN}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise CorpusError(f"{folder}: {where}: {first['msg']}{_AGAIN}") from None
    except ValueError as error:
        raise CorpusError(f"{folder}: {error}{_AGAIN}") from None


def read_imports(data_dir: Path) -> list[Import]:
    """Read every import of a data folder, sorted by speaker and source; maybe none.

    Raises:
        CorpusError: as `read_import`.
    """
    folders = sorted(path for path in (data_dir / IMPORTS).glob("*/*") if path.is_dir())
    return [read_import(folder) for folder in folders]


_AGAIN = "; restore the folder from its data version, or import the recording again"
_SOURCE = TypeAdapter(Source)
_STRETCH = TypeAdapter(Stretch)


def _dump_stretch(stretch: Stretch) -> str:
    return canonical_json(_STRETCH.dump_python(stretch, mode="json", exclude_defaults=True)) + "\n"
