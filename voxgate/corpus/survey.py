"""What ingest found, in figures: summary.json."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from voxgate.corpus.consent import Consent
from voxgate.corpus.manifest import Recording

__all__ = ["find_unlisted", "survey_clips"]

_SECONDS_PER_MINUTE = 60.0


def survey_clips(
    rows: Sequence[Mapping[str, Any]], consents: Mapping[str, Consent]
) -> dict[str, Any]:
    """Count rows of the clip table, in all and per speaker."""
    usable = [row for row in rows if row["fault_code"] is None]
    speakers = sorted({row["speaker_id"] for row in rows})
    return {
        "recordings": len(rows),
        "prepared": len(usable),
        "faults": dict(sorted(Counter(r["fault_code"] for r in rows if r["fault_code"]).items())),
        "with_text": sum(bool(row["text"].strip()) for row in rows),
        "without_text": sum(not row["text"].strip() for row in rows),
        "minutes": _minutes(usable),
        "actions": dict(sorted(Counter(a for row in usable for a in row["actions"]).items())),
        "speakers": {speaker: _speaker(speaker, rows, usable, consents) for speaker in speakers},
    }


def find_unlisted(recordings: Sequence[Recording], data_dir: Path) -> list[str]:
    """Return files below data/audio that no line of the manifest names, sorted."""
    listed = {recording.path for recording in recordings}
    audio = data_dir / "audio"
    found = (path.relative_to(data_dir).as_posix() for path in audio.rglob("*") if path.is_file())
    return sorted(path for path in found if path not in listed)


def _speaker(
    speaker: str,
    rows: Sequence[Mapping[str, Any]],
    usable: Sequence[Mapping[str, Any]],
    consents: Mapping[str, Consent],
) -> dict[str, Any]:
    own = [row for row in usable if row["speaker_id"] == speaker]
    return {
        "recordings": sum(row["speaker_id"] == speaker for row in rows),
        "prepared": len(own),
        "minutes": _minutes(own),
        "consent_scope": consents[speaker].scope.value if speaker in consents else None,
    }


def _minutes(rows: Sequence[Mapping[str, Any]]) -> float:
    seconds = sum(float(row["duration_s"]) for row in rows)
    return round(seconds / _SECONDS_PER_MINUTE, 3)
