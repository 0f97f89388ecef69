"""`corpus import`: long recordings become clips with texts, and each second is accounted for.

A recording is imported whole or refused whole; what is wrong with one is a row of the answer and
keeps no other out. An import that was killed goes on where it was: what instruments found is
cached by content, and data/ is replaced in one step for each recording.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from tqdm import tqdm

from voxgate.audio.encoding import encode_file
from voxgate.audio.spool import Spool, spool_recording
from voxgate.corpus.consent import Consent
from voxgate.corpus.cutting.accounting import Account, account_for
from voxgate.corpus.cutting.composition import settle
from voxgate.corpus.cutting.decisions import read_decisions
from voxgate.corpus.cutting.order import CutOrder
from voxgate.corpus.cutting.records import Import
from voxgate.corpus.cutting.sound.cleaning import CleaningResult
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.data_folder import merge_consent
from voxgate.corpus.importing import EncodeClip, EncodedClip, find_import, publish_import
from voxgate.corpus.languages import language_code
from voxgate.corpus.manifest import SPEAKER_ID
from voxgate.corpus.recording_files import find_recordings, match_transcripts
from voxgate.errors import CorpusError, RecordingError
from voxgate.files import digest_file, write_bytes
from voxgate.lease import data_lease
from voxgate.stage import Workspace
from voxgate.text.languages import LANGUAGES
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["Cutter", "ImportAnswer", "ImportRequest", "SourceRow", "import_recordings"]

_LONGEST_REFERENCE = 60 * HEARING_RATE_HZ
_AUDIBLE_PEAK = 1e-3


@dataclass(frozen=True, kw_only=True)
class ImportRequest:
    """What to import: recordings, and folders of them, in which one speaker is wanted.

    consent: may be None for a speaker with a record.
    reference: a recording of the speaker alone; None takes who speaks most.
    transcripts: texts that exist already, a file or a folder.
    one_aligner: keep clips whose words one aligner alone has placed.
    """

    named: tuple[Path, ...]
    speaker_id: str
    language: str
    consent: Consent | None = None
    reference: Path | None = None
    transcripts: Path | None = None
    one_aligner: bool = False


class Cutter(Protocol):
    """Cuts recordings with instruments that are loaded."""

    @property
    def transcript_suffixes(self) -> frozenset[str]:
        """Suffixes of transcripts that it reads."""
        ...

    def settings(self, order: CutOrder) -> str:
        """Return the digest of everything that decides the result but the recording."""
        ...

    def cut(self, spool: Spool, order: CutOrder) -> Import:
        """Cut one recording.

        Raises:
            CorpusError: the given transcript cannot be read, or is not of this recording.
            EvaluatorError: an instrument failed; what it found before is cached.
        """
        ...

    def clean(self, spool: Spool, imported: Import) -> Iterator[CleaningResult]:
        """Clean the clips of what was cut, where that is asked for; yields those changed.

        Raises:
            EvaluatorError: an instrument failed.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class SourceRow:
    """What became of one recording; `fault` is not None where it was refused."""

    path: Path
    outcome: Literal["imported", "unchanged", "refused"]
    imported: Import | None = None
    account: Account | None = None
    code: str | None = None
    fault: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ImportAnswer:
    """A row for each recording, files that are none, and what should be known of all."""

    rows: tuple[SourceRow, ...]
    ignored: tuple[Path, ...]
    notes: tuple[str, ...]

    @property
    def refused(self) -> int:
        """How many recordings were refused."""
        return sum(row.outcome == "refused" for row in self.rows)


def import_recordings(
    request: ImportRequest,
    workspace: Workspace,
    open_cutter: Callable[[], Cutter],
    *,
    min_sample_rate_hz: int,
) -> ImportAnswer:
    """Import recordings one after the other.

    `open_cutter` loads the instruments, once it is known that there is something to cut.

    Raises:
        CorpusError: nothing was found, or the request is wrong in itself; nothing was imported.
        ConsentError: the speaker has no consent record and none is given, or has another one.
        StorageError, LockHeldError, EvaluatorError, WeightsError: it cannot go on; what is done is
            in data/ or cached, and the same command goes on from there.
    """
    if not SPEAKER_ID.fullmatch(request.speaker_id):
        raise CorpusError(
            f"--speaker {request.speaker_id!r}: expected 1 to 64 letters, digits, '_' or '-'"
        )
    found = find_recordings(request.named, outside=workspace.data_dir)
    with data_lease(workspace, purpose=f"corpus import of {request.speaker_id}"):
        merge_consent(workspace.data_dir, request.speaker_id, request.consent)
    run = _Run(request, workspace, open_cutter(), min_sample_rate_hz)
    transcripts = match_transcripts(
        found.paths, request.transcripts, run.cutter.transcript_suffixes
    )
    reference = None if request.reference is None else run.read_reference(request.reference)
    rows = [run.take(path, transcripts.get(path), reference) for path in found.paths]
    return ImportAnswer(rows=tuple(rows), ignored=found.ignored, notes=tuple(_notes(run.language)))


@dataclass(frozen=True)
class _Run:
    request: ImportRequest
    workspace: Workspace
    cutter: Cutter
    min_sample_rate_hz: int

    @property
    def language(self) -> str:
        return language_code(self.request.language) or self.request.language

    def read_reference(self, path: Path) -> Wave:
        if not path.is_file():
            raise CorpusError(f"--reference {path}: expected a recording, found none")
        try:
            spool = self._spool(path, digest_file(path))
        except RecordingError as error:
            raise CorpusError(f"--reference {path}: {error.code}: {error}") from None
        wave = spool.read(Span(0, min(spool.n_samples, _LONGEST_REFERENCE)))
        shutil.rmtree(spool.folder)
        if len(wave) < HEARING_RATE_HZ or np.abs(wave).max() < _AUDIBLE_PEAK:
            raise CorpusError(f"--reference {path}: expected a second of speech or more, got less")
        return wave

    def take(self, path: Path, transcript: Path | None, reference: Wave | None) -> SourceRow:
        """Import one recording, or say why not."""
        sha256 = digest_file(path)
        order = CutOrder(
            name=path.name,
            sha256=sha256,
            speaker_id=self.request.speaker_id,
            language=self.language,
            reference=reference,
            transcript=transcript,
            one_aligner=self.request.one_aligner,
        )
        known = find_import(
            self.workspace.data_dir,
            speaker_id=order.speaker_id,
            sha256=sha256,
            settings=self.cutter.settings(order),
        )
        if known is not None:
            return self._row(path, "unchanged", known, transcript)
        try:
            spool = self._spool(path, sha256)
            imported = self.cutter.cut(spool, order)
        except (RecordingError, CorpusError) as error:
            shutil.rmtree(self._spool_folder(sha256), ignore_errors=True)
            code = error.code if isinstance(error, RecordingError) else "transcript"
            return SourceRow(path=path, outcome="refused", code=code, fault=str(error))
        cleaned = _keep_cleaned(spool, self.cutter.clean(spool, imported))
        encode = _encoder(spool, cleaned)
        publish_import(imported, encode, self.workspace, consent=self.request.consent)
        shutil.rmtree(spool.folder)
        return self._row(path, "imported", imported, transcript)

    def _spool(self, path: Path, sha256: str) -> Spool:
        with tqdm(desc=f"{path.name}: decode", unit="s", disable=None) as bar:
            return spool_recording(
                path,
                self._spool_folder(sha256),
                min_sample_rate_hz=self.min_sample_rate_hz,
                told=lambda seconds: bar.update(round(seconds) - bar.n) and None,
            )

    def _spool_folder(self, sha256: str) -> Path:
        return self.workspace.work_dir / f"import-{sha256[:32]}"

    def _row(
        self,
        path: Path,
        outcome: Literal["imported", "unchanged"],
        imported: Import,
        transcript: Path | None,
    ) -> SourceRow:
        notes = list(imported.source.notes)
        if imported.source.name != path.name:
            notes.append(f"it is the same recording as {imported.source.name}")
        if self.request.transcripts is not None and transcript is None:
            notes.append("no transcript has its name; its words were recognised")
        stretches = settle(imported, read_decisions(self.workspace.data_dir))
        return SourceRow(
            path=path,
            outcome=outcome,
            imported=imported,
            account=account_for(stretches, imported.source.n_samples),
            notes=tuple(notes),
        )


def _keep_cleaned(
    spool: Spool, results: Iterator[CleaningResult]
) -> Mapping[str, Mapping[str, Any]]:
    """Keep cleaned clips beside the spool, so that memory does not grow; returns what was found."""
    found = {}
    for result in results:
        found[result.name] = result.as_json()
        if result.kept:
            pcm = np.clip(np.round(result.wave * 32_768.0), -32_768, 32_767).astype(np.int16)
            flac = encode_file(pcm, spool.sample_rate_hz, "flac")
            write_bytes(_cleaned_file(spool, result.name), flac, durable=False)
    return found


def _cleaned_file(spool: Spool, clip: str) -> Path:
    return spool.folder / "cleaned" / f"{clip.rsplit('/', maxsplit=1)[-1]}.flac"


def _encoder(spool: Spool, cleaned: Mapping[str, Mapping[str, Any]]) -> EncodeClip:
    def encode(clip: str, span: Span) -> EncodedClip:
        flac = encode_file(spool.read_native(span), spool.sample_rate_hz, "flac")
        found = cleaned.get(clip)
        if found is None or not found["kept"]:
            return EncodedClip(flac=flac, cleaning=found)
        data = _cleaned_file(spool, clip).read_bytes()
        return EncodedClip(flac=data, original=flac, cleaning=found)

    return encode


def _notes(language: str) -> list[str]:
    if language in LANGUAGES:
        return []
    known = ", ".join(LANGUAGES)
    return [
        f"language {language!r} has no text front end (there are: {known}): the recordings are "
        "data, and `voxgate run` refuses to train on them until there is one (docs/text.md)"
    ]
