"""What a report shows beside the bundle: recordings, differences, and who decides.

The bundle alone gives the verdict. What is in here comes from the ledger, the registry and the
checkout; what could not be had is said in `missing`, one sentence a piece.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = [
    "Changes", "Clip", "ClipKey", "Decision", "PromptText", "Speaker", "Surroundings", "Training",
]  # fmt: skip

ClipKey = tuple[str, str, int]
"""Subject (challenger, champion, gold), prompt and seed index."""


@dataclass(frozen=True, kw_only=True)
class PromptText:
    """A prompt as it is written, and its words as the judge compares them."""

    text: str
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Clip:
    """One recording. `words` were heard in it, as the judge compares them.

    Without `audio` (FLAC) `missing` says why there is none.
    """

    audio: bytes | None = None
    words: tuple[str, ...] = ()
    missing: str | None = None


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What differs from the champion, one line a change; None where it could not be compared.

    `data` counts recordings; `code` are files that a stage depends on.
    """

    since: str
    data: tuple[str, ...] | None = None
    params: tuple[tuple[str, str, str], ...] | None = None
    code: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Who decides, until when, and by which commands. `history` is what the ledger says, in order.

    `looks` counts the verdicts of all candidates against the champion that is live.
    """

    model: str
    version: int
    state: str
    policy: str
    approvers: str
    expires_at: str | None
    commands: tuple[tuple[str, str], ...]
    history: tuple[str, ...] = ()
    looks: int | None = None


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """The consent record of one speaker, as the data version has it."""

    speaker_id: str
    scope: str
    licence: str
    attribution: str
    source: str
    recorded_on: str | None


@dataclass(frozen=True, kw_only=True)
class Training:
    """What the voice was trained on, and under which terms."""

    speakers: tuple[Speaker, ...] = ()
    data_version: str | None = None
    counts: Mapping[str, str] = field(default_factory=dict)
    trained_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """Everything that a report shows and that is not in the bundle."""

    prompts: Mapping[str, PromptText] = field(default_factory=dict)
    clips: Mapping[ClipKey, Clip] = field(default_factory=dict)
    reference: Clip = Clip(missing="no reference clip was given to this report")
    changes: Changes | None = None
    decision: Decision | None = None
    training: Training = Training()
    origin: tuple[tuple[str, str], ...] = ()
    """Digests and ids of the ledger and the registry, by name."""

    missing: tuple[str, ...] = ()
