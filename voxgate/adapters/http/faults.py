"""What can only go wrong at the door, beside the errors of voxgate."""

from __future__ import annotations

from voxgate.errors import (
    OverloadedError,
    SpeechError,
    SpeechRequestError,
    VoiceError,
)

__all__ = [
    "BodyTooLargeError",
    "BrokenAnswerError",
    "ConcurrencyLimitError",
    "GoneAwayError",
    "NoAudioError",
    "RateLimitError",
    "RefusedAddressError",
    "ReleaseGatedError",
    "SlowReaderError",
    "SlowUploadError",
    "UnsatisfiableRangeError",
]


class BodyTooLargeError(SpeechRequestError):
    """A body is larger than what is read."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(
            None,
            "body_too_large",
            f"the body has more than {max_bytes} bytes; longer texts are sent in several requests",
        )


class SlowUploadError(SpeechRequestError):
    """A body did not arrive in time."""

    def __init__(self, timeout_s: float) -> None:
        super().__init__(
            None, "request_timeout", f"the body did not arrive within {timeout_s:g} s; send it anew"
        )


class UnsatisfiableRangeError(SpeechRequestError):
    """A part of a file was asked for where the file has nothing; it has `size` bytes."""

    def __init__(self, size: int) -> None:
        self.size = size
        super().__init__(
            "Range",
            "range_not_satisfiable",
            f"Range: nothing lies there, the file has {size} bytes",
        )


class RefusedAddressError(SpeechError):
    """An address of stored speech was not signed here, or its time is over."""


class RateLimitError(OverloadedError):
    """A key asks more often than it may."""


class ConcurrencyLimitError(OverloadedError):
    """A key has as many requests in flight as it may have."""


class ReleaseGatedError(SpeechError):
    """Weights or references were to be changed over HTTP; only a release changes them."""


class NoAudioError(VoiceError):
    """The voice ended without a sentence."""


class GoneAwayError(SpeechError):
    """The client left before the answer began."""


class BrokenAnswerError(Exception):
    """Speech broke off after its first byte; the body must end so that the client sees it.

    No error of voxgate: those become problems, and for one it is too late.
    """


class SlowReaderError(BrokenAnswerError):
    """The client reads more slowly than the audio plays, for too long."""
