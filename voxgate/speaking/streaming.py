"""Speak a sentence while its tokens are still being made.

Every time S1 hands out tokens, S2 encodes all tokens so far and decodes the new end of them. Frames
near the end still change when the next tokens arrive, so the last ones are held back, and each
piece fades into the next over an overlap. What was spoken stays as it was encoded then, so that the
next piece goes on from what was heard, and the noise of a frame is drawn once: a streamed sentence
differs from a whole one only where attention had not yet seen what comes later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from models.gpt_sovits.s1.token_model import Generated
from models.gpt_sovits.s2.wave_model import Segment
from voxgate.audio.joining import crossfade
from voxgate.speaking.decoding import SentenceDecoder
from voxgate.speaking.reference import PreparedReference
from voxgate.speaking.sentence import Sentence
from voxgate.speaking.token_sampling import TokenSampler
from voxgate.types import Wave

__all__ = ["SentenceStream", "StreamedPiece", "stream_sentences"]

_HELD_FRAMES = 8
"""Frames (20 ms) that wait for what follows: the reach of the convolutions is about as long."""

_FADE_FRAMES = 2


@dataclass(frozen=True, kw_only=True)
class StreamedPiece:
    """The next part of a text's audio."""

    wave: Wave
    stopped_by_limit: bool
    """Whether the bound ended a sentence, this one or one before."""


def stream_sentences(
    sentences: Sequence[Sentence],
    reference: PreparedReference,
    *,
    sampler: TokenSampler,
    decoder: SentenceDecoder,
    pause_samples: int,
    piece_s: float,
) -> Iterator[StreamedPiece]:
    """Speak sentences one after the other, with silence between them."""
    timbre = decoder.timbre(reference)  # (1, G, 1)
    limited = False
    for place, sentence in enumerate(sentences):
        if place:
            silence = np.zeros(pause_samples, dtype=np.float32)
            yield StreamedPiece(wave=silence, stopped_by_limit=limited)
        stream = SentenceStream(decoder, sentence, timbre=timbre)
        for wave in stream.speak(sampler.sample_in_pieces(sentence, reference, piece_s=piece_s)):
            limited = limited or stream.stopped_by_limit
            yield StreamedPiece(wave=wave, stopped_by_limit=limited)


class SentenceStream:
    """The state of one sentence that is being spoken; owned by one request."""

    def __init__(self, decoder: SentenceDecoder, sentence: Sentence, *, timbre: Tensor) -> None:
        self._decoder = decoder
        self._sentence = sentence
        self._timbre = timbre
        self._codes = sentence.phones.new_zeros(0)
        self._alignment: Tensor | None = None
        self._moments: Tensor | None = None
        self._noise: Tensor | None = None
        self._spoken_frames = 0
        self._tail: Wave = np.zeros(0, dtype=np.float32)
        self.stopped_by_limit = False

    def speak(self, pieces: Iterator[Generated]) -> Iterator[Wave]:
        """Turn pieces of tokens into pieces of wave; concatenated they are the sentence."""
        waiting = next(pieces)
        for following in pieces:
            yield from self._extend(waiting, held=_HELD_FRAMES)
            waiting = following
        self.stopped_by_limit = waiting.stopped_by_limit
        yield from self._extend(waiting, held=0)

    def _extend(self, piece: Generated, *, held: int) -> Iterator[Wave]:
        if len(piece.tokens):
            self._encode(self._sentence.segment(piece))
        end = 2 * len(self._codes) - held
        if end <= self._spoken_frames or self._moments is None or self._noise is None:
            return
        decoded = self._decoder.model.decode_frames(
            self._moments,
            self._timbre,
            noise=self._noise,
            noise_scale=self._decoder.card.generation.noise_scale,
            first_frame=self._spoken_frames,
        )
        wave = crossfade(self._tail, self._decoder.checked(decoded))
        hop = self._decoder.model.preset.hop
        count = (end - self._spoken_frames) * hop
        self._spoken_frames = end
        self._tail = wave[count : count + min(held, _FADE_FRAMES) * hop]
        yield wave[:count]

    def _encode(self, piece: Segment) -> None:
        self._codes = torch.cat([self._codes, piece.codes])
        if piece.alignment is not None:
            before = self._alignment
            self._alignment = (
                piece.alignment if before is None else torch.cat([before, piece.alignment])
            )
        moments = self._decoder.model.sentence_moments(
            self._codes, self._sentence.phones, self._timbre, alignment=self._alignment
        )
        noise = self._decoder.model.draw_noise(2 * len(piece.codes), piece.generator)
        if self._moments is None or self._noise is None:
            self._moments, self._noise = moments, noise
            return
        spoken = self._moments[:, :, : self._spoken_frames]
        self._moments = torch.cat([spoken, moments[:, :, self._spoken_frames :]], dim=-1)
        self._noise = torch.cat([self._noise, noise], dim=-1)
