"""Greedy decoding of a batch, each clip with a token limit of its own.

openai-whisper's decoder takes one limit for a whole batch; here a clip leaves the batch when it
ends or reaches its limit, so that one endless repetition neither holds up the others nor is cut at
their limit. Token choices are those of `whisper.decode` with temperature 0, no timestamps and its
default suppressions (tested). N is a batch size, V the vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor
from whisper.model import Whisper
from whisper.tokenizer import Tokenizer

from voxgate.adapters.whisper.memory import Memory

__all__ = ["Decoded", "LanguageGuess", "decode_greedily", "guess_languages", "text_limit"]


@dataclass(frozen=True)
class LanguageGuess:
    """The likeliest language of a clip, how likely, and how likely it holds no speech at all."""

    language: str
    probability: float
    no_speech_probability: float


@dataclass
class Decoded:
    """Text tokens of one clip; `capped` when the limit came before the end of the text.

    `first_logits` (V,) follow the start token alone: language and absence of speech.
    """

    first_logits: Tensor
    tokens: list[int] = field(default_factory=list)
    sum_log_probability: float = 0.0
    capped: bool = False

    @property
    def mean_log_probability(self) -> float:
        """Mean over the tokens and the end of the text, as openai-whisper counts."""
        return self.sum_log_probability / (len(self.tokens) + 1)


def text_limit(network: Whisper) -> int:
    """Return the most text tokens that openai-whisper decodes: half of the context."""
    return int(network.dims.n_text_ctx) // 2


def guess_languages(network: Whisper, tokenizer: Tokenizer, logits: Tensor) -> list[LanguageGuess]:
    """Read language and absence of speech off the decoder's first step, `logits` (N, V).

    An English-only network has no languages to choose from: it says English with probability 1.
    """
    silence = logits.softmax(dim=-1)[:, tokenizer.no_speech].tolist()
    if not network.is_multilingual:
        return [LanguageGuess("en", 1.0, p) for p in silence]
    # Whisper lists them as a set does, in another order in each process; sums have last bits.
    pairs = zip(tokenizer.all_language_tokens, tokenizer.all_language_codes, strict=True)
    ids, codes = map(list, zip(*sorted(pairs), strict=True))
    probabilities = logits[:, ids].softmax(dim=-1)
    best = probabilities.argmax(dim=-1).tolist()
    return [
        LanguageGuess(codes[k], float(probabilities[n, k]), silence[n]) for n, k in enumerate(best)
    ]


def decode_greedily(
    network: Whisper, tokenizer: Tokenizer, memory: Memory, limits: Sequence[int]
) -> list[Decoded]:
    """Decode N clips into at most `limits[n]` text tokens each, without timestamps."""
    encoded = memory.encoded
    results: list[Decoded] = []
    active = list(range(len(limits)))
    prompt = torch.tensor(tokenizer.sot_sequence_including_notimestamps, device=encoded.device)
    tokens = prompt.repeat(len(active), 1)  # (N, prompt length)
    never, not_first = _suppressed(tokenizer, encoded.device)
    cache, hooks = network.install_kv_cache_hooks(memory.as_cache())
    try:
        while active:
            steps = network.decoder(tokens, encoded, kv_cache=cache)  # (N, tokens fed, V)
            logits = steps[:, -1]  # (N, V)
            if not results:
                results = [Decoded(first_logits=first) for first in steps[:, 0].clone()]
                logits[:, not_first] = -torch.inf
            logits[:, never] = -torch.inf
            chosen = logits.argmax(dim=-1)
            gained = logits.log_softmax(dim=-1).gather(1, chosen[:, None])[:, 0].tolist()
            kept = [
                row
                for row, (index, token) in enumerate(zip(active, chosen.tolist(), strict=True))
                if _take(results[index], token, gained[row], limits[index], tokenizer.eot)
            ]
            if len(kept) < len(active):
                active = [active[row] for row in kept]
                encoded, chosen = encoded[kept], chosen[kept]
                for module in cache:
                    cache[module] = cache[module][kept]
            tokens = chosen[:, None]
    finally:
        for hook in hooks:
            hook.remove()
    return results


def _take(result: Decoded, token: int, log_probability: float, limit: int, end: int) -> bool:
    """Add a token to a result; return whether decoding goes on."""
    if token != end and len(result.tokens) >= limit:
        result.capped = True
        return False
    result.sum_log_probability += log_probability
    if token == end:
        return False
    result.tokens.append(token)
    return True


def _suppressed(tokenizer: Tokenizer, device: torch.device) -> tuple[Tensor, Tensor]:
    """Return the tokens that are never chosen, and those that are not chosen first."""
    special = [
        tokenizer.transcribe,
        tokenizer.translate,
        tokenizer.sot,
        tokenizer.sot_prev,
        tokenizer.sot_lm,
        tokenizer.no_speech,
    ]
    never = sorted({*tokenizer.non_speech_tokens, *special})
    blank = [*tokenizer.encode(" "), tokenizer.eot]
    return torch.tensor(never, device=device), torch.tensor(blank, device=device)
