"""Silero VAD: how likely somebody speaks, every 32 ms of a recording of any length.

The package carries its network several times; this one computes many frames a call and is handed
its state, so that a recording may come in blocks. The package's own code is not used: it wants the
whole recording at once, and sets torch's threads when it is imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxgate.adapters.packaged_network import open_packaged_network
from voxgate.errors import EvaluatorError
from voxgate.types import HEARING_RATE_HZ, EvaluatorIdentity, Probabilities, Wave

__all__ = ["WEIGHTS_SHA256", "SileroDetector", "load_silero"]

WEIGHTS_SHA256 = "9ccdacc4719d8aa7e45a77536bfabec45a03ba1f2fad5e241ab4060b24238a85"
"""Of silero_vad_16k_sequence.onnx in silero-vad 6.2.3."""

_PACKAGE = "silero_vad"
_FILE = ("data", "silero_vad_16k_sequence.onnx")
_FRAME = 512
_CONTEXT = 64
"""Samples before a frame that the network hears with it."""

_STATE_SHAPE = (1, 1, 128)
_FRAMES_A_CALL = 512

Frames = NDArray[np.float32]


class SileroDetector:
    """Implements ports.SpeechDetector."""

    def __init__(self, session: Any, identity: EvaluatorIdentity) -> None:
        self._session = session
        self._identity = identity

    @property
    def identity(self) -> EvaluatorIdentity:
        """Name and weights."""
        return self._identity

    @property
    def frame_samples(self) -> int:
        """Samples at 16 kHz that one probability stands for."""
        return _FRAME

    def detect(self, blocks: Iterable[Wave]) -> Probabilities:
        """Listen to one recording in blocks of any lengths; (N,) in [0, 1].

        Raises:
            EvaluatorError: a block is not (T,) float32 or not finite, or a probability is none.
        """
        context = np.zeros(_CONTEXT, dtype=np.float32)
        hidden = cell = np.zeros(_STATE_SHAPE, dtype=np.float32)
        found = [np.zeros(0, dtype=np.float32)]
        # Always the same number of frames a call: how the recording came changes no last bit.
        for frames in _in_frames(blocks, _FRAME * _FRAMES_A_CALL):
            heard = _with_context(frames, context)
            probabilities, hidden, cell = self._session.run(
                ["speech_probs", "hn", "cn"], {"input": heard, "h": hidden, "c": cell}
            )
            context = frames[-1, -_CONTEXT:]
            found.append(np.asarray(probabilities, dtype=np.float32).reshape(-1))
        result = np.concatenate(found)
        if not np.isfinite(result).all():
            raise EvaluatorError(f"{self._identity.name} gave probabilities that are no numbers")
        return np.clip(result, 0.0, 1.0)


def load_silero() -> SileroDetector:
    """Load the network that the installed package carries; nothing is downloaded.

    Raises:
        WeightsError: the package is absent, or its file is not the pinned one.
    """
    # One thread: a recurrent network has nothing to divide.
    session = open_packaged_network(
        _PACKAGE, _FILE, sha256=WEIGHTS_SHA256, what="the detector of speech", threads=1
    )
    identity = EvaluatorIdentity(
        name="silero-vad:16k-sequence",
        weights_sha256=WEIGHTS_SHA256,
        options={"sample_rate_hz": HEARING_RATE_HZ, "frame_samples": _FRAME},
    )
    return SileroDetector(session, identity)


def _in_frames(blocks: Iterable[Wave], size: int) -> Iterator[Frames]:
    """Yield (N, 512) frames, `size` samples at a time; the last frame is filled up with zeros."""
    rest = np.zeros(0, dtype=np.float32)
    for number, block in enumerate(blocks):
        _check(block, number)
        rest = np.concatenate([rest, block])
        whole = len(rest) // size * size
        for start in range(0, whole, size):
            yield rest[start : start + size].reshape(-1, _FRAME)
        rest = rest[whole:]
    if len(rest):
        yield np.pad(rest, (0, -len(rest) % _FRAME)).reshape(-1, _FRAME)


def _with_context(frames: Frames, context: NDArray[np.float32]) -> Frames:
    before = np.concatenate([context[None], frames[:-1, -_CONTEXT:]])
    return np.concatenate([before, frames], axis=1)  # (N, 64 + 512)


def _check(block: Wave, number: int) -> None:
    if block.ndim != 1 or block.dtype != np.float32:
        raise EvaluatorError(
            f"block {number}: expected (T,) float32 at 16 kHz, got shape {block.shape} of "
            f"{block.dtype}"
        )
    if not np.isfinite(block).all():
        raise EvaluatorError(f"block {number} contains NaN or infinity; decode it again")
