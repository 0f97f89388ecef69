"""The exceptions of voxgate, as one tree.

Every message says what was expected, what arrived, where, and what to do about it.
A caller catches the narrowest class that it can handle and lets the rest travel.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = [
    "AssetError",
    "BundleError",
    "ConfigError",
    "ConsentError",
    "CorpusError",
    "DataVersionError",
    "EvaluatorError",
    "ExternalServiceError",
    "GateError",
    "LockHeldError",
    "ManifestError",
    "RecordingError",
    "RefusalError",
    "RegistryError",
    "StageError",
    "StorageError",
    "TextError",
    "TrainingError",
    "TrainingMemoryError",
    "UnsafePathError",
    "VoiceError",
    "VoxgateError",
    "WeightsError",
]


class VoxgateError(Exception):
    """Base of every error that voxgate raises on purpose."""


class ConfigError(VoxgateError):
    """A parameter or setting is unknown, missing or out of range.

    All faults of one file are collected and raised together.
    """

    def __init__(self, where: str, faults: Sequence[str]) -> None:
        self.where = where
        self.faults = tuple(faults)
        super().__init__(_listed(where, self.faults))


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


class VoiceError(VoxgateError):
    """A voice package is incomplete, or it was asked for something that it cannot speak."""


class StageError(VoxgateError):
    """A stage was run without what it needs from an earlier stage."""


class RefusalError(StageError):
    """An earlier stage judged and refused; this stage does not go on behind its back."""


class GateError(VoxgateError):
    """The gate was asked for something that its rules do not allow."""


class BundleError(GateError):
    """An evidence bundle is incomplete, altered, or from a newer schema."""


class LockHeldError(VoxgateError):
    """Another run holds the lease on this checkout."""


class StorageError(VoxgateError):
    """Writing failed (a full disk, say); nothing half-written is left under a final name."""


class RegistryError(VoxgateError):
    """MLflow answered and refused; trying again does not help."""


class ExternalServiceError(VoxgateError):
    """MLflow, Prefect or an object store could not be reached; safe to retry."""


def _listed(where: str, faults: Sequence[str]) -> str:
    if len(faults) == 1:
        return f"{where}: {faults[0]}"
    lines = "\n".join(f"  - {fault}" for fault in faults)
    return f"{where}: {len(faults)} faults\n{lines}"
