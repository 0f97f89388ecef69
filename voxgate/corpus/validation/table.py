"""What is written of the dossiers: a validated clip a recording, and quarantine.csv for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from voxgate.corpus.validated_clips import Figures, ValidatedClip
from voxgate.corpus.validation.dossiers import Dossier
from voxgate.corpus.validation.findings import Severity
from voxgate.errors import StageError
from voxgate.files import canonical_json, write_path
from voxgate.spreadsheets import start_table

__all__ = ["close_dossiers", "write_quarantine"]

_DECIMALS = 4  # the last bits of a network's answer depend on which clips share its batch


def close_dossiers(dossiers: Sequence[Dossier], *, expected_rows: int) -> list[ValidatedClip]:
    """Return what is kept of each dossier, sorted by recording_id.

    Raises:
        StageError: a row of ingest is missing or there twice: validate must not drop any.
    """
    identities = {dossier.recording_id for dossier in dossiers}
    if not len(dossiers) == len(identities) == expected_rows:
        raise StageError(
            f"validate: expected {expected_rows} different recordings, as ingest wrote them, got "
            f"{len(dossiers)} rows with {len(identities)} ids; run ingest again, and report this "
            "if it happens twice"
        )
    return [_close(dossier) for dossier in sorted(dossiers, key=lambda d: d.recording_id)]


def write_quarantine(path: Path, dossiers: Sequence[Dossier]) -> None:
    """Write what was kept out, for people: codes, and sentences that say what to do.

    All of it, sorted by recording_id, a row at a time.

    Raises:
        StorageError: the disk refused; the table is as it was.
    """
    rejected = sorted((d for d in dossiers if d.rejected), key=lambda d: d.recording_id)
    with (
        write_path(path) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as stream,
    ):
        write_rows = start_table(stream, ["recording_id", "source_path", "codes", "messages"])
        write_rows(map(_quarantined, rejected))


def _quarantined(dossier: Dossier) -> list[str]:
    codes = dossier.codes(Severity.REJECT)
    messages = [f"{f.code}: {f.message}" for f in dossier.findings if f.code in codes]
    source = dossier.clip.recording.path
    return [dossier.recording_id, source, " ".join(codes), " | ".join(messages)]


def _close(dossier: Dossier) -> ValidatedClip:
    detail = [{"code": f.code, "message": f.message} for f in dossier.findings]
    return ValidatedClip(
        ingested=dossier.clip,
        train_text=dossier.train_text,
        trim_start=dossier.trim_start,
        trim_end=dossier.trim_end,
        figures=_figures(dossier),
        status=dossier.status,
        reasons=tuple(dossier.codes(Severity.REJECT)),
        warnings=tuple(dossier.codes(Severity.WARN)),
        fixes=tuple(dossier.codes(Severity.FIX)),
        detail=canonical_json(detail),
    )


def _figures(dossier: Dossier) -> Figures:
    figures = Figures(
        alignment_log_probability=dossier.alignment_log_probability,
        speech_rate=dossier.speech_rate,
        speaker_cosine=dossier.speaker_cosine,
        duplicate_of=dossier.duplicate_of,
    )
    if signal := dossier.signal:
        figures = replace(
            figures,
            snr_db=signal.snr_db,
            bandwidth_hz=signal.bandwidth_hz,
            leading_silence_s=signal.leading_silence_s,
            trailing_silence_s=signal.trailing_silence_s,
        )
    if heard := dossier.transcript:
        figures = replace(
            figures,
            transcript=heard.text,
            language_detected=heard.language,
            language_probability=heard.language_probability,
        )
    if rates := dossier.rates:
        figures = replace(figures, cer=rates.cer, wer=rates.wer, edge_cer=rates.edge_cer)
    return Figures(**{name: _rounded(value) for name, value in asdict(figures).items()})


def _rounded(value: Any) -> Any:
    return round(value, _DECIMALS) if isinstance(value, float) else value
