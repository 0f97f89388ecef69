"""The exceptions of voxgate, as one tree.

    VoxgateError
      ConfigError
        RecipientListError
        TemplateError
      CorpusError
        ManifestError
        ConsentError
        UnsafePathError
        DataVersionError
        RecordingError
        TranscriptError
      TextError
      AssetError
        WeightsError
      EvaluatorError
      TrainingError
        TrainingMemoryError
        RankLostError
      VoiceError
        ReferenceAudioError
      StageError
        RefusalError
        WorkerDiedError
      GateError
        BundleError
      ReleaseError
        UnknownVersionError
        AlreadyDecidedError
        DecisionExpiredError
        EvidenceChangedError
        EvidenceMissingError
        ApprovalNeededError
        ApproverError
        ReleaseConflictError
          StaleTokenError
        NothingToRollBackError
        QuarantinedVersionError
      LedgerError
        LedgerSchemaError
        LedgerTamperedError
        ClockError
      LockHeldError
      LeaseLostError
      StorageError
      BackupError
      RegistryError
        VersionLostError
      DeliveryError
      ExternalServiceError
      SpeechError
        SpeechRequestError
        UnknownProfileError
        UnknownPresetError
        ProfileRefusedError
        ProfileStateError
        UnknownCampaignError
        CampaignStateError
        CampaignReportError
        AccessDeniedError
        OverloadedError
        DeadlineError
        WorkerLostError
        NotCalibratedError

Every message says what was expected, what arrived, where, and what to do about it.
A caller catches the narrowest class that it can handle and lets the rest travel.
"""

from __future__ import annotations

from collections.abc import Sequence

from voxgate.redaction import redacted

__all__ = [
    "AccessDeniedError",
    "AlreadyDecidedError",
    "ApprovalNeededError",
    "ApproverError",
    "AssetError",
    "BackupError",
    "BundleError",
    "CampaignReportError",
    "CampaignStateError",
    "ClockError",
    "ConfigError",
    "ConsentError",
    "CorpusError",
    "DataVersionError",
    "DeadlineError",
    "DecisionExpiredError",
    "DeliveryError",
    "EvaluatorError",
    "EvidenceChangedError",
    "EvidenceMissingError",
    "ExternalServiceError",
    "GateError",
    "LeaseLostError",
    "LedgerError",
    "LedgerSchemaError",
    "LedgerTamperedError",
    "LockHeldError",
    "ManifestError",
    "NotCalibratedError",
    "NothingToRollBackError",
    "OverloadedError",
    "ProfileRefusedError",
    "ProfileStateError",
    "QuarantinedVersionError",
    "RankLostError",
    "RecipientListError",
    "RecordingError",
    "ReferenceAudioError",
    "RefusalError",
    "RegistryError",
    "ReleaseConflictError",
    "ReleaseError",
    "SpeechError",
    "SpeechRequestError",
    "StageError",
    "StaleTokenError",
    "StorageError",
    "TemplateError",
    "TextError",
    "TrainingError",
    "TrainingMemoryError",
    "TranscriptError",
    "UnknownCampaignError",
    "UnknownPresetError",
    "UnknownProfileError",
    "UnknownVersionError",
    "UnsafePathError",
    "VersionLostError",
    "VoiceError",
    "VoxgateError",
    "WeightsError",
    "WorkerDiedError",
    "WorkerLostError",
]


class VoxgateError(Exception):
    """Base of every error that voxgate raises on purpose.

    Passwords in the URLs that a message quotes are hidden here, once for all of them.
    """

    def __init__(self, *arguments: object) -> None:
        super().__init__(*(redacted(a) if isinstance(a, str) else a for a in arguments))

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between processes as it is: constructors of some take more than a message."""
        return _restored, (type(self), self.args, self.__dict__)


class ConfigError(VoxgateError):
    """A parameter or setting is unknown, missing or out of range.

    All faults of one file are collected and raised together.
    """

    def __init__(self, where: str, faults: Sequence[str]) -> None:
        self.where = where
        self.faults = tuple(faults)
        super().__init__(_listed(where, self.faults))


class RecipientListError(ConfigError):
    """A list of recipients cannot be read at all; a bad row is rejected and raises nothing."""


class TemplateError(ConfigError):
    """A template of a campaign cannot be spoken as it is; carries every fault."""


class CorpusError(VoxgateError):
    """The corpus as a whole cannot be used."""


class ManifestError(CorpusError):
    """Lines of a manifest are broken; carries every fault, not just the first."""

    def __init__(self, where: str, faults: Sequence[str]) -> None:
        self.where = where
        self.faults = tuple(faults)
        super().__init__(_listed(where, self.faults))


class ConsentError(CorpusError):
    """A speaker has no consent record, or its scope forbids the use."""


class UnsafePathError(CorpusError):
    """A path leaves the folder that it must stay in."""


class DataVersionError(CorpusError):
    """The files in data/ are not the version that data.dvc names."""


class RecordingError(CorpusError):
    """One recording cannot be used; becomes a quarantine row, never a traceback.

    `code` is the stable reason code that the quarantine table shows.
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class TranscriptError(CorpusError):
    """A transcript cannot be read, or is of another recording; carries every fault."""

    def __init__(self, where: str, faults: Sequence[str]) -> None:
        self.where = where
        self.faults = tuple(faults)
        super().__init__(_listed(where, self.faults))


class TextError(VoxgateError):
    """A text cannot be turned into phonemes."""


class AssetError(VoxgateError):
    """A file that the workflow needs is absent or could not be fetched."""


class WeightsError(AssetError):
    """A weight file is absent, damaged, or not the one that was pinned."""


class EvaluatorError(VoxgateError):
    """An evaluator could not measure, or failed its self-test."""


class TrainingError(VoxgateError):
    """Training cannot start or go on."""


class TrainingMemoryError(TrainingError):
    """One clip alone needs more memory than there is."""


class RankLostError(TrainingError):
    """A process of a training in several ended before the others, or cannot be reached."""


class VoiceError(VoxgateError):
    """A voice package is incomplete, or it was asked for something that it cannot speak."""


class ReferenceAudioError(VoiceError):
    """A recording that a caller gave as a reference cannot be used."""


class StageError(VoxgateError):
    """A stage was run without what it needs from an earlier stage."""


class RefusalError(StageError):
    """An earlier stage judged and refused; this stage does not go on behind its back."""


class WorkerDiedError(StageError):
    """An item of a stage ended the process that worked on it, each time that it was tried."""


class GateError(VoxgateError):
    """The gate was asked for something that its rules do not allow."""


class BundleError(GateError):
    """An evidence bundle is incomplete, altered, or from a newer schema."""


class ReleaseError(VoxgateError):
    """The rules of the release do not allow a transition; the ledger is as it was."""


class UnknownVersionError(ReleaseError):
    """The ledger has no such version, or no verdict on it."""


class AlreadyDecidedError(ReleaseError):
    """Somebody has decided about the version before."""


class DecisionExpiredError(ReleaseError):
    """The time in which a decision, or an override, was possible is over."""


class EvidenceChangedError(ReleaseError):
    """The evidence is not the one that the decision is bound to."""


class EvidenceMissingError(ReleaseError):
    """Recordings that the evidence names are not where they were stored."""


class ApprovalNeededError(ReleaseError):
    """The version is not approved, or its verdict asks for more than a plain approval."""


class ApproverError(ReleaseError):
    """This person, or this policy, may not decide about the version."""


class ReleaseConflictError(ReleaseError):
    """Another transition came first: what is live is not what this one expected."""


class StaleTokenError(ReleaseConflictError):
    """A newer fencing token was issued: somebody began the same kind of work later."""


class NothingToRollBackError(ReleaseError):
    """There is no version to go back to."""


class QuarantinedVersionError(ReleaseError):
    """A quarantined version never becomes live again."""


class LedgerError(VoxgateError):
    """The ledger itself cannot be used."""


class LedgerSchemaError(LedgerError):
    """The ledger was written by a newer voxgate."""


class LedgerTamperedError(LedgerError):
    """A row of the ledger is not what was appended."""


class ClockError(LedgerError):
    """This machine's clock is behind the ledger's last event."""


class LockHeldError(VoxgateError):
    """Somebody else holds the lease: on this checkout, or on a name in the ledger's database.

    `holder` says who, and since when.
    """

    def __init__(self, message: str, *, holder: str = "") -> None:
        self.holder = holder
        super().__init__(message)


class LeaseLostError(VoxgateError):
    """The holder of a lease was away for longer than it lives; another may have taken over."""


class StorageError(VoxgateError):
    """Writing failed (a full disk, say); nothing half-written is left under a final name."""


class BackupError(VoxgateError):
    """A backup is damaged or incomplete, or would replace something that is there."""


class RegistryError(VoxgateError):
    """MLflow answered and refused; trying again does not help."""


class VersionLostError(RegistryError):
    """A version that the ledger needs was deleted from the registry, and its package is gone."""


class DeliveryError(VoxgateError):
    """A receiver of notifications answered and did not take this one."""


class ExternalServiceError(VoxgateError):
    """MLflow, Prefect, a database or an object store could not be reached; safe to retry."""


class SpeechError(VoxgateError):
    """The speech service cannot do what it was asked for."""


class SpeechRequestError(SpeechError):
    """A field of a request is missing, unknown or has a value that cannot be served.

    `field` is the name that the caller wrote; None where the request as a whole is wrong. `code` is
    stable, for programs.
    """

    def __init__(self, field: str | None, code: str, message: str) -> None:
        self.field = field
        self.code = code
        super().__init__(message)


class UnknownProfileError(SpeechError):
    """There is no speaker profile of this name, or no such version of it."""


class UnknownPresetError(SpeechError):
    """There is no preset of this name, or no such version of it."""


class ProfileRefusedError(SpeechError):
    """A speaker cannot be enrolled from these recordings; carries every failed check."""

    def __init__(self, where: str, faults: Sequence[str]) -> None:
        self.where = where
        self.faults = tuple(faults)
        super().__init__(_listed(where, self.faults))


class ProfileStateError(SpeechError):
    """A profile is a draft, suspended or revoked, or its consent does not cover this use."""


class UnknownCampaignError(SpeechError):
    """There is no campaign of this id, or it is somebody else's."""


class CampaignStateError(SpeechError):
    """A campaign is not in the state that this needs, or is there with other contents."""


class CampaignReportError(SpeechError):
    """The counts of a campaign do not add up, or a written table is none; nothing is reported."""


class AccessDeniedError(SpeechError):
    """A key is unknown, expired, or lacks the right that was asked for.

    `known` tells whether the caller is known and may merely not do this.
    """

    def __init__(self, message: str, *, known: bool) -> None:
        self.known = known
        super().__init__(message)


class OverloadedError(SpeechError):
    """More was asked for than can be done in time; nothing was begun.

    `retry_after_s` says when to try again; `yours` whether the caller's own limit was reached.
    """

    def __init__(self, message: str, *, retry_after_s: float, yours: bool = False) -> None:
        self.retry_after_s = retry_after_s
        self.yours = yours
        super().__init__(message)


class DeadlineError(SpeechError):
    """A request could not be answered before its deadline; its work was dropped."""


class WorkerLostError(SpeechError):
    """The process that spoke died, and so did those that took over."""


class NotCalibratedError(SpeechError):
    """There are no quality limits for this voice, preset and evaluators, or they are stale."""


def _listed(where: str, faults: Sequence[str]) -> str:
    if len(faults) == 1:
        return f"{where}: {faults[0]}"
    lines = "\n".join(f"  - {fault}" for fault in faults)
    return f"{where}: {len(faults)} faults\n{lines}"


def _restored(
    kind: type[VoxgateError], arguments: tuple[object, ...], attributes: dict[str, object]
) -> VoxgateError:
    error = kind.__new__(kind, *arguments)
    error.__dict__.update(attributes)
    return error
