"""A voice that speaks as long as it ever may, so that what it needs then can be measured.

How long a sentence becomes is drawn, within a bound that its phones give. So the measured voice
goes to the bound, at the slowest speed, after the longest reference; no sentence of so many phones
needs more. M tokens, P tokens and K phones of the prompt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from models.gpt_sovits.s1.sampling import SamplingOptions
from models.gpt_sovits.s1.token_model import Generated, Prompted, TokenModel
from voxgate.audio.reference_audio import MAX_REFERENCE_S
from voxgate.speaking.reference import PreparedReference
from voxgate.speaking.voice import GptSovitsVoice

__all__ = ["PROMPT_PHONES", "longest_reference", "speaking_longest"]

PROMPT_PHONES = 300
"""Phones of the longest prompt: ten seconds of fast speech."""


def speaking_longest(voice: GptSovitsVoice) -> GptSovitsVoice:
    """Return the voice with an S1 that goes on to the bound."""
    sampler = replace(voice.sampler, model=_ToTheBound(voice.sampler.model))
    return replace(voice, sampler=sampler, reference=longest_reference(voice))


def longest_reference(voice: GptSovitsVoice) -> PreparedReference:
    """Return the voice's own reference, repeated to the longest that a recording gives.

    A voice without a prompt gets one too: a caller's recording may bring one.
    """
    own, preset = voice.reference, voice.preset
    frames = round(MAX_REFERENCE_S * preset.sample_rate_hz / preset.hop) + 1
    tokens = round(MAX_REFERENCE_S * preset.tokens_per_s) + 1
    phones = max(PROMPT_PHONES, len(own.prompt_phones))
    return replace(
        own,
        spectrograms=tuple(_repeated(spectrogram, frames) for spectrogram in own.spectrograms),
        prompt_phones=_repeated(own.prompt_phones, phones),  # (K,)
        prompt_features=None
        if own.prompt_features is None
        else _repeated(own.prompt_features, phones),  # (C, K)
        prompt_tokens=_repeated(own.prompt_tokens, tokens),  # (P,)
    )


def _repeated(values: Tensor, length: int) -> Tensor:
    """Repeat along the last axis up to `length`; what is longer stays, what is empty is zeros."""
    if values.shape[-1] == 0:
        return values.new_zeros((*values.shape[:-1], length))
    if values.shape[-1] >= length:
        return values
    times = -(-length // values.shape[-1])
    return torch.cat([values] * times, dim=-1)[..., :length]


@dataclass(frozen=True)
class _ToTheBound(TokenModel):
    """Implements TokenModel: each item has as many tokens as it may have."""

    model: TokenModel

    def generate(
        self,
        items: Sequence[Prompted],
        *,
        generators: Sequence[torch.Generator],
        options: SamplingOptions | None = None,
        min_tokens: int = 11,
        max_tokens: int | Sequence[int] = 1500,
    ) -> list[Generated]:
        """Ask the model item by item: the least number of tokens holds for all of one call."""
        del min_tokens
        bounds = [max_tokens] * len(items) if isinstance(max_tokens, int) else max_tokens
        return [
            generated
            for item, generator, bound in zip(items, generators, bounds, strict=True)
            for generated in self.model.generate(
                [item], generators=[generator], options=options, min_tokens=bound, max_tokens=bound
            )
        ]

    def stream(
        self,
        item: Prompted,
        *,
        generator: torch.Generator,
        options: SamplingOptions | None = None,
        min_tokens: int = 11,
        max_tokens: int = 1500,
        chunk_tokens: int = 25,
    ) -> Iterator[Generated]:
        """Not measured: the pool does not stream inside a sentence."""
        raise NotImplementedError
