"""What the validation knows about each clip, gathered check by check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from voxgate.corpus.error_rates import ErrorRates
from voxgate.corpus.ingested_clips import IngestedClip, StoredAudio
from voxgate.corpus.validated_clips import Status
from voxgate.corpus.validation.findings import Finding, Severity, rule_of
from voxgate.corpus.validation.quality import Signal
from voxgate.types import Transcript

__all__ = ["Dossier", "open_dossiers", "surviving"]


@dataclass
class Dossier:
    """One clip under examination: the one mutable value here, because each check adds to it.

    A measurement is None until its check has run, and stays so where an earlier check made it
    pointless.
    """

    clip: IngestedClip
    train_text: str = ""
    spelled: str | None = None
    """`train_text` as it is compared, once somebody has."""

    trim_start: int = 0
    trim_end: int = 0
    signal: Signal | None = None
    transcript: Transcript | None = None
    rates: ErrorRates | None = None
    alignment_log_probability: float | None = None
    speech_rate: float | None = None
    """Letters and digits a second."""

    speaker_cosine: float | None = None
    duplicate_of: str | None = None
    """The recording_id of the one that was kept."""

    findings: list[Finding] = field(default_factory=list)

    def find(self, code: str, *, expected: str, arrived: str, where: str = "") -> None:
        """Record an observation."""
        self.findings.append(Finding(code=code, expected=expected, arrived=arrived, where=where))

    def codes(self, severity: Severity) -> list[str]:
        """Return the codes of one severity, sorted, without repetition."""
        return sorted({f.code for f in self.findings if rule_of(f.code).severity is severity})

    @property
    def recording_id(self) -> str:
        """Identity of the clip in the manifest."""
        return self.clip.recording.recording_id

    @property
    def speaker(self) -> tuple[str, str]:
        """The group that consistency is judged in: speaker and language."""
        return self.clip.recording.speaker_id, self.clip.recording.language

    @property
    def audio(self) -> StoredAudio:
        """The prepared audio of a clip that ingest could read."""
        assert self.clip.audio is not None, self.clip.fault
        return self.clip.audio

    @property
    def rejected(self) -> bool:
        """Whether any finding so far keeps the clip out of training."""
        return any(finding.rejects for finding in self.findings)

    @property
    def status(self) -> Status:
        """What becomes of the clip, by the findings so far."""
        if self.rejected:
            return "quarantined"
        return "fixed" if self.codes(Severity.FIX) else "accepted"

    @property
    def kept_s(self) -> float:
        """Duration after trimming, in seconds."""
        if self.clip.audio is None:
            return 0.0
        return (self.trim_end - self.trim_start) / self.clip.audio.sample_rate_hz


def open_dossiers(clips: Iterable[IngestedClip]) -> list[Dossier]:
    """Open one dossier a clip; what ingest could not read is rejected with ingest's words."""
    dossiers = []
    for clip in clips:
        end = clip.audio.place.n_samples if clip.audio else 0
        dossier = Dossier(clip=clip, train_text=clip.recording.text, trim_end=end)
        if clip.fault is not None:
            dossier.find(
                clip.fault.code,
                expected="a readable recording",
                arrived=clip.fault.message,
                where=clip.recording.path,
            )
        dossiers.append(dossier)
    return dossiers


def surviving(dossiers: Iterable[Dossier]) -> Iterator[Dossier]:
    """Yield those that nothing has rejected yet."""
    return (dossier for dossier in dossiers if not dossier.rejected)
