"""Hear a recording of any length block by block, as much of it as there is.

`decoding` refuses what is not whole, since its words would not fit; here nothing has words yet, and
what can be heard of a file that was cut is worth having, if that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.collecting import Blocks, Format, check_format, missing_s
from voxgate.audio.containers import CHECKSUMMED
from voxgate.audio.identification import IdentifiedFile, identify_file, reason_of, undecodable
from voxgate.audio.readers import OpenSound, open_ffmpeg, open_libsndfile
from voxgate.errors import RecordingError

__all__ = ["SoundStream", "stream_sound"]

_BLOCK_SAMPLES = 65_536
_CHECKED_SAMPLES = 4096
"""Of what is checked as it is read: all of the block that does not pass is lost."""
_COUNTED_CONTAINERS = frozenset({"mp4"})
"""Containers whose framing counts no samples, but whose list of frames does, nearly."""

_NEARLY_S = 1.0
"""Encoders announce what they put before and after the sound as well."""


@dataclass
class SoundStream:
    """An open recording, and after its end what is to be said of it.

    n_samples: decoded so far, of each channel.
    cut_short: after the end, a sentence if the file holds less than it announces.
    """

    file: IdentifiedFile
    format: Format
    n_samples: int = field(default=0, init=False)
    cut_short: str | None = field(default=None, init=False)
    _blocks: Blocks = field(default_factory=lambda: iter(()), repr=False)

    def blocks(self) -> Blocks:
        """Yield all samples once, in blocks of (T, C) float32 of some seconds.

        Raises:
            RecordingError: `not_finite`: a sample is NaN or infinite.
        """
        for block in _gathered(self._until_damage()):
            self._check_finite(block)
            self.n_samples += len(block)
            yield block
        self.cut_short = self.cut_short or self._what_is_missing()

    @property
    def seconds(self) -> float:
        """Decoded so far."""
        return self.n_samples / self.format.sample_rate_hz

    def _until_damage(self) -> Blocks:
        read = 0
        try:
            for block in self._blocks:
                read += len(block)
                yield block
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 (whatever a damaged file brings up is its fault)
            why = reason_of(error, self.file.path)
            self.cut_short = f"{self._heard(read)}; there it was cut or damaged ({why})"

    def _what_is_missing(self) -> str | None:
        framing = self.file.framing
        if framing.missing_bytes:
            return (
                f"{self._heard(self.n_samples)}; it was cut: at least {framing.missing_bytes} "
                "bytes are missing"
            )
        missing = missing_s(self.format, self.n_samples)
        counted = self.file.found in _COUNTED_CONTAINERS and missing > _NEARLY_S
        if (framing.announces_length and missing) or counted:
            return f"{self._heard(self.n_samples)}; it was cut or damaged there"
        return None

    def _heard(self, n_samples: int) -> str:
        rate, announced = self.format.sample_rate_hz, self.format.announced
        of_all = f" of the {announced / rate:.2f} s that it announces"
        known = announced > n_samples
        return f"{n_samples / rate:.2f} s{of_all if known else ''} can be heard"

    def _check_finite(self, block: NDArray[np.float32]) -> None:
        if not np.isfinite(block).all():
            raise RecordingError(
                "not_finite",
                f"{self.file.path.name} holds samples that are NaN or infinite near "
                f"{self.seconds:.1f} s; export it again as PCM",
            )


@contextmanager
def stream_sound(path: Path, *, min_sample_rate_hz: int) -> Iterator[SoundStream]:
    """Open `path` by whichever reader can begin with it.

    Raises:
        RecordingError: `missing_file`, `empty_audio`, `unreadable`, `wrong_format`, `no_sound`,
            `several_recordings`, `sample_rate_too_low`.
        OSError: the file cannot be opened.
    """
    file = identify_file(path)
    faults: list[Exception] = []
    for opener in _openers(file):
        with ExitStack() as opened:
            begun = _begin(file, opener, opened, faults, min_sample_rate_hz=min_sample_rate_hz)
            if begun is not None:
                yield begun
                return
    if not faults:
        raise RecordingError(
            "empty_audio", f"{path.name} decodes to 0 samples; record it again or leave it out"
        )
    reasons = [reason_of(fault, path) for fault in faults]
    if file.framing.missing_bytes:
        reasons.append(f"at least {file.framing.missing_bytes} bytes are missing: it was cut")
    raise undecodable(file, reasons)


Opener = Callable[[], AbstractContextManager[OpenSound]]


def _openers(file: IdentifiedFile) -> Iterator[Opener]:
    if file.for_libsndfile:
        size = _CHECKED_SAMPLES if file.found in CHECKSUMMED else _BLOCK_SAMPLES
        yield lambda: open_libsndfile(file.path, block_samples=size)
    demuxer = file.demuxer
    if demuxer is not None:
        yield lambda: open_ffmpeg(file.path, demuxer=demuxer)


def _begin(
    file: IdentifiedFile,
    opener: Opener,
    opened: ExitStack,
    faults: list[Exception],
    *,
    min_sample_rate_hz: int,
) -> SoundStream | None:
    try:
        sound = opened.enter_context(opener())
        check_format(file.path.name, sound.format, min_sample_rate_hz=min_sample_rate_hz)
        first = next(sound.blocks, None)
    except (RecordingError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 (as above)
        faults.append(error)
        return None
    if first is None:
        return None
    return SoundStream(file, sound.format, _blocks=chain([first], sound.blocks))


def _gathered(blocks: Blocks) -> Blocks:
    """Put the short frames of a codec together."""
    parts: list[NDArray[np.float32]] = []
    held = 0
    for block in blocks:
        parts.append(block)
        held += len(block)
        if held >= _BLOCK_SAMPLES:
            yield np.concatenate(parts) if len(parts) > 1 else block
            parts, held = [], 0
    if parts:
        yield np.concatenate(parts)
