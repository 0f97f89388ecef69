"""How a voice asks S1 for tokens: with which prompt, sampling and bounds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from models.gpt_sovits.s1.sampling import SamplingOptions
from models.gpt_sovits.s1.token_model import Generated, Prompted, TokenModel
from voxgate.speaking.reference import PreparedReference
from voxgate.speaking.sentence import Sentence
from voxgate.voice.card import GenerationDefaults

__all__ = ["TokenSampler"]

_MIN_TOKENS = 11
"""The end cannot come earlier (docs/gpt_sovits.md 4.5): 0.44 s."""


@dataclass(frozen=True, kw_only=True)
class TokenSampler:
    """Asks one S1 under one voice's defaults. L phones, M tokens."""

    model: TokenModel = field(repr=False)
    defaults: GenerationDefaults
    tokens_per_s: float

    def sample(
        self, sentences: Sequence[Sentence], reference: PreparedReference
    ) -> list[Generated]:
        """Turn the (L,) phones of each sentence into its tokens (M,), in order."""
        return self.model.generate(
            [self._prompted(sentence, reference) for sentence in sentences],
            generators=[sentence.token_generator for sentence in sentences],
            options=self._sampling,
            min_tokens=_MIN_TOKENS,
            max_tokens=[self._longest(sentence) for sentence in sentences],
        )

    def sample_in_pieces(
        self, sentence: Sentence, reference: PreparedReference, *, piece_s: float
    ) -> Iterator[Generated]:
        """Return the tokens of one sentence in pieces of `piece_s` or a little more."""
        return self.model.stream(
            self._prompted(sentence, reference),
            generator=sentence.token_generator,
            options=self._sampling,
            min_tokens=_MIN_TOKENS,
            max_tokens=self._longest(sentence),
            chunk_tokens=max(1, round(piece_s * self.tokens_per_s)),
        )

    def _prompted(self, sentence: Sentence, reference: PreparedReference) -> Prompted:
        prompt = self.defaults.prompted and reference.has_prompt
        item = Prompted(
            phones=sentence.phones,
            prompt_phones=reference.prompt_phones if prompt else None,
            prompt=reference.prompt_tokens if prompt else reference.prompt_tokens[:0],
        )
        before = reference.prompt_features if prompt else None
        return replace(item, bert=_side_by_side(item, before, sentence.text_features))

    @property
    def _sampling(self) -> SamplingOptions:
        return SamplingOptions(
            top_k=self.defaults.top_k,
            top_p=self.defaults.top_p,
            temperature=self.defaults.temperature,
            repetition_penalty=self.defaults.repetition_penalty,
        )

    def _longest(self, sentence: Sentence) -> int:
        """Return the most tokens that a sentence of so many phones may take."""
        expected_s = len(sentence.phones) / self.defaults.phones_per_second
        return max(
            2 * _MIN_TOKENS,
            math.ceil(expected_s * self.tokens_per_s * self.defaults.max_length_ratio),
        )


def _side_by_side(item: Prompted, before: Tensor | None, own: Tensor | None) -> Tensor | None:
    """Return (C, K + L) text features of prompt and sentence; None: neither has any."""
    known = before if own is None else own
    if known is None:
        return None
    channels, spoken = len(known), len(item.phones)
    read = len(item.read) - spoken
    if before is None:
        before = known.new_zeros(channels, read)
    if own is None:
        own = known.new_zeros(channels, spoken)
    return torch.cat([before, own], dim=1)
