"""What ingest found, in figures: summary.json."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from voxgate.corpus.consent import Consent
from voxgate.corpus.ingested_clips import IngestedClip, StoredAudio
from voxgate.corpus.list_files import is_hidden
from voxgate.corpus.manifest import Recording
from voxgate.files import digest_file

__all__ = ["digest_other_files", "find_unlisted", "survey_clips"]

_OWN = {"manifest.csv", "consent.yaml"}
_IMPORTS = "imports"
_SECONDS_PER_MINUTE = 60.0


def survey_clips(clips: Sequence[IngestedClip], consents: Mapping[str, Consent]) -> dict[str, Any]:
    """Count clips, in all and per speaker."""
    stored = [clip.audio for clip in clips if clip.audio]
    by_speaker: dict[str, list[IngestedClip]] = defaultdict(list)
    for clip in clips:
        by_speaker[clip.recording.speaker_id].append(clip)
    with_text = sum(bool(clip.recording.text.strip()) for clip in clips)
    return {
        "recordings": len(clips),
        "prepared": len(stored),
        "faults": dict(sorted(Counter(clip.fault.code for clip in clips if clip.fault).items())),
        "with_text": with_text,
        "without_text": len(clips) - with_text,
        "minutes": _minutes(stored),
        "actions": dict(sorted(Counter(a for audio in stored for a in audio.actions).items())),
        "speakers": {
            speaker: _speaker(own, consents.get(speaker))
            for speaker, own in sorted(by_speaker.items())
        },
    }


def find_unlisted(recordings: Sequence[Recording], data_dir: Path) -> list[str]:
    """Return files below data/audio that no line of the manifest names, sorted.

    What systems leave beside files (`._a.wav`, `.DS_Store`) is none of them, and neither are clips
    of an import: doubtful ones lie there until somebody has heard them.
    """
    listed = {unicodedata.normalize("NFC", recording.path) for recording in recordings}
    audio = data_dir / "audio"
    found = (path.relative_to(data_dir) for path in audio.rglob("*") if path.is_file())
    return sorted(
        path.as_posix()
        for path in found
        if unicodedata.normalize("NFC", path.as_posix()) not in listed
        and not is_hidden(path)
        and not _is_of_import(path, data_dir)  # asks the disk: last
    )


def digest_other_files(recordings: Sequence[Recording], data_dir: Path) -> dict[str, str]:
    """Return the sha256 of every file of data/ that is no recording, manifest or consent, by path.

    Later stages read such a file (the user's lexicon) without naming data/ as their input: they run
    again because this changes. What a link leads to is named where it lies. No stage reads what an
    import and its reviewers wrote down: of that, the manifest says everything.
    """
    listed = {recording.path for recording in recordings} | _OWN
    found = {
        name: path
        for path in data_dir.rglob("*")
        if (name := path.relative_to(data_dir).as_posix()) not in listed
        and not name.startswith(("audio/", f"{_IMPORTS}/"))
        and path.is_file()
        and not path.is_symlink()
        and not is_hidden(path)
    }
    return {name: digest_file(path) for name, path in sorted(found.items())}


def _is_of_import(relative: Path, data_dir: Path) -> bool:
    """Tell a clip that `corpus import` cut, by its folder: audio/SPEAKER/SOURCE."""
    return any(
        (data_dir / _IMPORTS / parent.relative_to("audio")).joinpath("source.json").is_file()
        for parent in relative.parents[:-2]
    )


def _speaker(own: Sequence[IngestedClip], consent: Consent | None) -> dict[str, Any]:
    stored = [clip.audio for clip in own if clip.audio]
    return {
        "recordings": len(own),
        "prepared": len(stored),
        "minutes": _minutes(stored),
        "consent_scope": consent.scope.value if consent else None,
    }


def _minutes(stored: Sequence[StoredAudio]) -> float:
    return round(sum(audio.duration_s for audio in stored) / _SECONDS_PER_MINUTE, 3)
