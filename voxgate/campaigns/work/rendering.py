"""Make the file that is delivered: spoken sentences joined, brought to a rate and a level, encoded.

Resampled and levelled as a whole, so that no seam is heard, and in this order, so that the peaks of
the file itself are below the ceiling. Samples are the same wherever and how often they are made;
bytes of Opus are not, so a render is known by its samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.encoding import (
    ENCODINGS,
    EncodingName,
    encode_file,
    nearest_rate_hz,
    resample_pcm,
)
from voxgate.audio.levelling import levelled
from voxgate.errors import VoiceError
from voxgate.files import digest_bytes, digest_json

__all__ = ["RenderRecipe", "RenderedFile", "Sentence", "render"]

Pcm = NDArray[np.int16]

Sentence = tuple[Pcm, int]
"""(T,) samples with the pause that belongs to them, and their rate in Hz."""

LONGEST_FADE_S = 0.5
_LOUDNESS_LUFS = (-40.0, -9.0)
_GENERATION = 1
"""Raised when the same recipe begins to give other samples."""


@dataclass(frozen=True, kw_only=True)
class RenderRecipe:
    """What is done with the sentences of a message.

    `sample_rate_hz` None is the voice's, or the nearest that the format has; `loudness_lufs` None
    leaves the level; both ends fade for `fade_s` seconds.

    Raises:
        ValueError: a value that cannot be; names it.
    """

    format: EncodingName
    sample_rate_hz: int | None = None
    loudness_lufs: float | None = None
    fade_s: float = 0.0

    def __post_init__(self) -> None:
        """Check the values, one against the other too."""
        if self.format not in ENCODINGS:
            raise ValueError(f"format: expected one of {', '.join(ENCODINGS)}, got {self.format}")
        rates = ENCODINGS[self.format].rates_hz
        if self.sample_rate_hz is not None and self.sample_rate_hz not in rates:
            known = ", ".join(map(str, rates))
            raise ValueError(
                f"sample_rate_hz: {self.format} can have {known}, got {self.sample_rate_hz}"
            )
        low, high = _LOUDNESS_LUFS
        if self.loudness_lufs is not None and not low <= self.loudness_lufs <= high:
            raise ValueError(f"loudness_lufs: expected {low} to {high}, got {self.loudness_lufs}")
        if not 0.0 <= self.fade_s <= LONGEST_FADE_S:
            raise ValueError(f"fade_s: expected 0 to {LONGEST_FADE_S}, got {self.fade_s}")

    @property
    def digest(self) -> str:
        """The sha256 of all that decides the file beside its sentences."""
        return digest_json({**asdict(self), "generation": _GENERATION})


@dataclass(frozen=True, kw_only=True)
class RenderedFile:
    """A file, and what is known of it.

    `pcm_sha256` is of the samples that were encoded, as 16 bits little-endian; `sha256` of the
    bytes. `duration_s` is that of the samples.
    """

    content: bytes
    media_type: str
    format: EncodingName
    duration_s: float
    sample_rate_hz: int
    pcm_sha256: str
    sha256: str


def render(sentences: Sequence[Sentence], recipe: RenderRecipe) -> RenderedFile:
    """Make one file of the sentences, in their order.

    Raises:
        VoiceError: there is no sample, or the sentences have several rates.
    """
    rates = {rate_hz for _, rate_hz in sentences}
    if len(rates) != 1:
        raise VoiceError(
            f"a message of {len(sentences)} sentences: expected one sample rate, got "
            f"{sorted(rates) or 'no sentence'}; they are not of one voice"
        )
    source_hz = rates.pop()
    pcm = np.concatenate([piece for piece, _ in sentences])
    if not len(pcm):
        raise VoiceError(f"a message of {len(sentences)} sentences has no sample; speak it again")
    rate_hz = recipe.sample_rate_hz or nearest_rate_hz(recipe.format, source_hz)
    pcm = resample_pcm(pcm, source_hz, rate_hz)
    if recipe.loudness_lufs is not None:
        pcm = levelled(pcm, rate_hz, lufs=recipe.loudness_lufs)
    pcm = _faded(pcm, round(recipe.fade_s * rate_hz))
    content = encode_file(pcm, rate_hz, recipe.format)
    return RenderedFile(
        content=content,
        media_type=ENCODINGS[recipe.format].media_type,
        format=recipe.format,
        duration_s=len(pcm) / rate_hz,
        sample_rate_hz=rate_hz,
        pcm_sha256=sha256(pcm.astype("<i2", copy=False).data).hexdigest(),
        sha256=digest_bytes(content),
    )


def _faded(pcm: Pcm, size: int) -> Pcm:
    """Return the samples with both ends faded over `size`, or over a half where they are short."""
    size = min(size, len(pcm) // 2)
    if not size:
        return pcm
    rising = (1 - np.cos(np.pi * (np.arange(size) + 0.5) / size)) / 2
    faded = pcm.copy()
    faded[:size] = np.rint(pcm[:size] * rising)
    faded[-size:] = np.rint(pcm[-size:] * rising[::-1])
    return faded
