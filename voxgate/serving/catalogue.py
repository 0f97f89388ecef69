"""What a door asks of voices and presets, one at a time, and what it hands over to make a voice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

__all__ = ["Catalogue", "Enrol", "EnrolledVoice", "EnrolmentForm"]


@dataclass(frozen=True, kw_only=True)
class EnrolmentForm:
    """What a caller sends to make a draft of a profile.

    `recording` is an audio file, whose `file_name` says at most what kind of one; `consent` is the
    text of the speaker's record (YAML); `text` what the recording says. `speaker` None is `name`.
    """

    name: str
    recording: bytes = field(repr=False)
    file_name: str | None
    consent: str = field(repr=False)
    text: str | None = field(repr=False)
    speaker: str | None


@dataclass(frozen=True, kw_only=True)
class EnrolledVoice:
    """The profile version that a form is, as JSON values; `added` is false where it stood before.

    `actions` says in words what was done to the recording.
    """

    name: str
    version: int
    document: Mapping[str, Any]
    added: bool
    actions: tuple[str, ...]


class Enrol(Protocol):
    """Makes drafts of profiles; blocks for seconds, and is called by one thread at a time."""

    def __call__(self, form: EnrolmentForm, *, by: str) -> EnrolledVoice:
        """Check a recording and enter it as a draft; `by` is noted as who did.

        Raises:
            ProfileRefusedError: recording, name or text cannot be used; carries every fault.
            SpeechRequestError: code `consent_invalid`: the consent is no record of one.
            ConsentError: the consent has ended.
            ProfileStateError: the same recording under the same consent was revoked.
            EvaluatorError, AssetError, StorageError, LedgerError, ExternalServiceError: not now.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Voices by name and version (None is the newest that was activated), presets by label.

    Both block; they raise UnknownProfileError and UnknownPresetError where there is none.
    """

    show_voice: Callable[[str, int | None], Mapping[str, Any]]
    show_preset: Callable[[str], Mapping[str, Any]]
    enrol: Enrol
