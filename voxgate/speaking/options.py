"""What a caller may choose for one request."""

from __future__ import annotations

from dataclasses import dataclass

from voxgate.errors import VoiceError
from voxgate.speaking.reference import PreparedReference
from voxgate.text.sentences import CutName, cut_names

__all__ = ["SpeakingOptions"]

_SLOWEST, _FASTEST = 0.5, 2.0


@dataclass(frozen=True, kw_only=True)
class SpeakingOptions:
    """How to speak one text.

    Raises:
        VoiceError: the speed is out of range, or there is no such way of cutting.
    """

    reference: PreparedReference | None = None
    """Whom to sound like; None is the reference of the voice package."""

    speed: float = 1.0
    """Above 1 speaks faster, pitch unchanged; 0.5 to 2."""

    cut: CutName = "sentences"
    """Where the text is cut into what is spoken at once (docs/speaking.md)."""

    def __post_init__(self) -> None:
        if not _SLOWEST <= self.speed <= _FASTEST:
            raise VoiceError(
                f"speed {self.speed}: expected {_SLOWEST} to {_FASTEST}, where 1 is as recorded"
            )
        if self.cut not in cut_names():
            raise VoiceError(f"cut {self.cut!r}: choose one of {', '.join(cut_names())}")
