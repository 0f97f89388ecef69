"""Make files and streams of speech: WAV, FLAC, MP3, Opus in Ogg, bare samples, and telephone WAV.

A stream is made of pieces as they are ready. Joined, its pieces hold the samples of a file, but
what a file says of its own length is unknown while it is streamed: a WAV stream claims the largest
size (players read on until the end; a size of 0 is an empty file to them), the others claim none.
Bytes of MP3 and Opus files are not reproducible; identity is a digest of the samples.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import soundfile
from numpy.typing import NDArray

from voxgate.audio.resampling import resample

__all__ = [
    "ENCODINGS",
    "RATES_HZ",
    "Encoding",
    "EncodingName",
    "StreamEncoder",
    "encode_file",
    "nearest_rate_hz",
    "resample_pcm",
]

EncodingName = Literal["wav", "mp3", "opus", "flac", "pcm", "ulaw"]

RATES_HZ = (8_000, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
"""The sample rates that can be asked for."""

_FULL_SCALE = 32_768.0
_UNKNOWN_SIZE = 0xFFFFFFFF
_BYTES_A_SAMPLE = 2
_PCM_FORMAT, _MULAW_FORMAT = 1, 7  # RFC 2361


@dataclass(frozen=True, kw_only=True)
class Encoding:
    """A way to write samples: what libsndfile calls it, and which rates it can have."""

    media_type: str
    container: str
    subtype: str
    rates_hz: tuple[int, ...] = RATES_HZ
    is_costly: bool = True
    """Whether it takes more than copying."""


ENCODINGS: Mapping[EncodingName, Encoding] = {
    "wav": Encoding(media_type="audio/wav", container="WAV", subtype="PCM_16", is_costly=False),
    "mp3": Encoding(media_type="audio/mpeg", container="MP3", subtype="MPEG_LAYER_III"),
    "opus": Encoding(
        media_type="audio/ogg",
        container="OGG",
        subtype="OPUS",
        rates_hz=(8_000, 12_000, 16_000, 24_000, 48_000),  # RFC 6716, section 2
    ),
    "flac": Encoding(media_type="audio/flac", container="FLAC", subtype="PCM_16"),
    "pcm": Encoding(media_type="audio/pcm", container="RAW", subtype="PCM_16", is_costly=False),
    "ulaw": Encoding(
        media_type="audio/wav", container="WAV", subtype="ULAW", rates_hz=(8_000,)
    ),  # ITU-T G.711, mu-law: what telephone systems play
}
assert tuple(ENCODINGS) == get_args(EncodingName)


def nearest_rate_hz(encoding: EncodingName, rate_hz: int) -> int:
    """Return `rate_hz` if the encoding can have it, else its next higher rate, else its highest."""
    rates = ENCODINGS[encoding].rates_hz
    return next((rate for rate in rates if rate >= rate_hz), rates[-1])


def resample_pcm(
    pcm: NDArray[np.int16], source_rate_hz: int, target_rate_hz: int
) -> NDArray[np.int16]:
    """Resample (T,) int16; the same rate returns the samples themselves."""
    if source_rate_hz == target_rate_hz:
        return pcm
    wave = resample((pcm / _FULL_SCALE).astype(np.float32), source_rate_hz, target_rate_hz)
    scaled = np.clip(np.rint(wave * _FULL_SCALE), -_FULL_SCALE, _FULL_SCALE - 1)
    resampled: NDArray[np.int16] = scaled.astype(np.int16)
    return resampled


def encode_file(pcm: NDArray[np.int16], rate_hz: int, encoding: EncodingName) -> bytes:
    """Return a whole file of (T,) int16, with true sizes."""
    target, kind = io.BytesIO(), ENCODINGS[encoding]
    soundfile.write(
        target, pcm, rate_hz, format=kind.container, subtype=kind.subtype, endian=_endian(encoding)
    )
    return target.getvalue()


class StreamEncoder:
    """Encodes one speech piece by piece; what `encode` and `finish` return is joined by the reader.

    Pieces are (T,) int16 at `rate_hz`. Not for several threads at once.
    """

    def __init__(self, encoding: EncodingName, rate_hz: int) -> None:
        self._header = _HEADERS[encoding](rate_hz) if encoding in _HEADERS else b""
        self._tail: _Tail | None = None
        if ENCODINGS[encoding].is_costly:
            self._tail = _Tail()
            self._file = soundfile.SoundFile(
                self._tail,
                mode="w",
                samplerate=rate_hz,
                channels=1,
                # What comes with its own header here is bare to libsndfile, whose header says 0.
                format="RAW" if self._header else ENCODINGS[encoding].container,
                subtype=ENCODINGS[encoding].subtype,
            )

    def encode(self, pcm: NDArray[np.int16]) -> bytes:
        """Return the bytes that this piece adds; an encoder may hold some back until the next."""
        header, self._header = self._header, b""
        if self._tail is None:
            return header + pcm.astype("<i2", copy=False).tobytes()
        self._file.write(pcm)
        return header + self._tail.take()

    def finish(self) -> bytes:
        """Return what was held back; the encoder is of no use afterwards."""
        if self._tail is None:
            return b""
        self._file.close()
        return self._tail.take()


class _Tail(io.RawIOBase):
    """A file whose beginning is gone: what was taken can no longer be written over.

    At their end FLAC and MP3 go back to note the length. In a stream that part has left, and both
    formats have a value for "not known", which stands there.
    """

    def __init__(self) -> None:
        super().__init__()
        self._taken = 0
        self._kept = io.BytesIO()
        self._place = 0

    def take(self) -> bytes:
        """Return what was written since it was asked last."""
        found = self._kept.getvalue()
        self._taken += len(found)
        self._kept = io.BytesIO()
        return found

    def write(self, data: bytes) -> int:  # type: ignore[override]  # soundfile hands bytes
        lost = min(len(data), max(0, self._taken - self._place))
        if lost < len(data):
            self._kept.seek(self._place + lost - self._taken)
            self._kept.write(data[lost:])
        self._place += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._end()}[whence]
        self._place = base + offset
        return self._place

    def tell(self) -> int:
        return self._place

    def seekable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: object) -> int:
        return 0  # an encoder writes; libsndfile asks for the method and does not call it

    def _end(self) -> int:
        return self._taken + len(self._kept.getbuffer())


def _endian(encoding: EncodingName) -> str:
    return "LITTLE" if encoding == "pcm" else "FILE"


def _wav_header(rate_hz: int) -> bytes:
    """Return the 44 bytes before 16-bit mono samples of unknown number (RIFF, 1991)."""
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        _UNKNOWN_SIZE,
        b"WAVE",
        b"fmt ",
        16,  # bytes of this chunk
        _PCM_FORMAT,
        1,  # channel
        rate_hz,
        rate_hz * _BYTES_A_SAMPLE,
        _BYTES_A_SAMPLE,
        8 * _BYTES_A_SAMPLE,
        b"data",
        _UNKNOWN_SIZE,
    )


def _mulaw_header(rate_hz: int) -> bytes:
    """Return the 58 bytes before mono mu-law of unknown length; a format but PCM has a `fact`."""
    return struct.pack(
        "<4sI4s4sIHHIIHHH4sII4sI",
        b"RIFF",
        _UNKNOWN_SIZE,
        b"WAVE",
        b"fmt ",
        18,  # bytes of this chunk
        _MULAW_FORMAT,
        1,  # channel
        rate_hz,
        rate_hz,  # bytes a second
        1,  # byte a sample
        8,
        0,  # bytes of more facts of the format
        b"fact",
        4,  # bytes of this chunk
        _UNKNOWN_SIZE,
        b"data",
        _UNKNOWN_SIZE,
    )


_HEADERS: Mapping[EncodingName, Callable[[int], bytes]] = {
    "wav": _wav_header,
    "ulaw": _mulaw_header,
}
