"""Token-by-token generation of S1 for a batch of items.

Source: docs/gpt_sovits.md 4.5. Items are padded on the left, after embedding, so that all of them
write the same cache position. B batch, S positions of phones and prompt, D width, V vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from models.gpt_sovits.s1.key_value_cache import KeyValueCache
from models.gpt_sovits.s1.sampling import (
    SamplingOptions,
    penalise_repetition,
    probabilities,
    sample,
)
from models.gpt_sovits.s1.token_model import Generated, Prompted, token_limits

__all__ = ["Autoregression", "run_generation", "stream_generation"]


class Autoregression(Protocol):
    """The network as the loop sees it: it predicts the next token from all that was read."""

    @property
    def end_token(self) -> int:
        """Id of the token that ends a sentence, the last of the vocabulary."""
        ...

    def embed_text(self, phones: Tensor, bert: Tensor | None = None) -> Tensor:
        """Embed (B, L) phones: (B, L, D)."""
        ...

    def embed_tokens(self, tokens: Tensor, start: Tensor | None = None) -> Tensor:
        """Embed (B, M) tokens at places `start` + 0..M-1, (B,) int64 or 0 for all: (B, M, D)."""
        ...

    def empty_cache(self, embedded: Tensor, tokens: int) -> KeyValueCache:
        """Return a cache with room for (B, S, D) and `tokens` more places a row."""
        ...

    def read(self, embedded: Tensor, allowed: Tensor | None, cache: KeyValueCache) -> Tensor:
        """Read (B, S, D) after what is in the cache, as Transformer.forward does: (B, S, D)."""
        ...

    def predict(self, hidden: Tensor) -> Tensor:
        """Return the logits of what follows the last place: (B, V) float32."""
        ...


@dataclass(frozen=True, kw_only=True)
class _Prefix:
    embedded: Tensor
    """(B, S, D), padded on the left."""

    allowed: Tensor
    """(B, 1, S, S) bool."""

    real: Tensor
    """(B, S) bool."""


def run_generation(
    model: Autoregression,
    items: Sequence[Prompted],
    *,
    generators: Sequence[torch.Generator],
    options: SamplingOptions,
    min_tokens: int,
    max_tokens: int | Sequence[int],
) -> list[Generated]:
    """Generate for every item; see `TokenModel.generate`."""
    progress = _Progress(token_limits(items, generators, max_tokens))
    if not items:
        return []
    for _ in _steps(model, items, progress, generators, options, min_tokens):
        pass
    return progress.results()


def stream_generation(
    model: Autoregression,
    item: Prompted,
    *,
    generator: torch.Generator,
    options: SamplingOptions,
    min_tokens: int,
    max_tokens: int,
    chunk_tokens: int,
) -> Iterator[Generated]:
    """Generate for one item, and hand its tokens out as they come; see `TokenModel.stream`."""
    progress = _Progress(token_limits([item], [generator], max_tokens))
    given = 0
    for _ in _steps(model, [item], progress, [generator], options, min_tokens):
        if progress.count(0) - given >= chunk_tokens and not progress.finished:
            yield progress.results(given)[0]
            given = progress.count(0)
    yield progress.results(given)[0]


@torch.inference_mode()
def _steps(
    model: Autoregression,
    items: Sequence[Prompted],
    progress: _Progress,
    generators: Sequence[torch.Generator],
    options: SamplingOptions,
    min_tokens: int,
) -> Iterator[None]:
    """Draw one token a row and step, until every row has ended."""
    if progress.finished:
        return
    prefix = _prefix(model, items)
    most = progress.longest
    cache = model.empty_cache(prefix.embedded, most)
    hidden = model.read(prefix.embedded, prefix.allowed, cache)
    size = prefix.real.shape[1]
    # A new token reads the real part of the prefix and every token since.
    readable = F.pad(prefix.real, (0, most), value=True)[:, None, None]  # (B, 1, 1, S + most)
    whole = bool(prefix.real.all())  # then it reads everything, and needs no mask to say so
    end = model.end_token
    seen = _seen(items, end + 1).to(hidden.device)
    prompts = torch.tensor([len(item.prompt) for item in items], device=hidden.device)
    for step in range(most):
        logits = model.predict(hidden)  # (B, V)
        may_end = step >= min_tokens
        drawn, ended = _draw(logits, seen, generators, options, end=end, may_end=may_end)
        progress.take(drawn.tolist(), ended)
        yield
        if progress.finished:
            return
        seen.scatter_(1, drawn[:, None], True)
        embedded = model.embed_tokens(drawn[:, None], prompts + step)  # (B, 1, D)
        hidden = model.read(embedded, None if whole else readable[..., : size + step + 1], cache)


class _Progress:
    """Which rows still speak, and what each has said."""

    def __init__(self, limits: Sequence[int]) -> None:
        self._limits = limits
        self._tokens: list[list[int]] = [[] for _ in limits]
        self._open = {row for row, limit in enumerate(limits) if limit > 0}
        self._limited = {row for row, limit in enumerate(limits) if limit <= 0}

    @property
    def finished(self) -> bool:
        return not self._open

    @property
    def longest(self) -> int:
        """The largest bound."""
        return max(self._limits)

    def count(self, row: int) -> int:
        """Tokens of a row so far."""
        return len(self._tokens[row])

    def take(self, drawn: Sequence[int], ended: Sequence[bool]) -> None:
        """Add one token a row, unless the row has ended, now or before."""
        for row in sorted(self._open):
            if ended[row]:
                self._open.remove(row)
                continue
            self._tokens[row].append(drawn[row])
            if len(self._tokens[row]) >= self._limits[row]:
                self._limited.add(row)
                self._open.remove(row)

    def results(self, start: int = 0) -> list[Generated]:
        """Return each row's tokens from `start` on."""
        return [
            Generated(
                tokens=torch.tensor(tokens[start:], dtype=torch.long),
                stopped_by_limit=row in self._limited,
            )
            for row, tokens in enumerate(self._tokens)
        ]


def _draw(
    logits: Tensor,
    seen: Tensor,
    generators: Sequence[torch.Generator],
    options: SamplingOptions,
    *,
    end: int,
    may_end: bool,
) -> tuple[Tensor, list[bool]]:
    """Draw a token a row, and say which rows end: the draw or the likeliest token is the end."""
    if not may_end:
        logits = logits.index_fill(1, torch.tensor([end], device=logits.device), -torch.inf)
    penalised = penalise_repetition(logits, seen, options.repetition_penalty)
    drawn = sample(probabilities(penalised, options), generators)
    ended = (drawn == end) | (penalised.argmax(-1) == end)
    return drawn, ended.tolist()


def _seen(items: Sequence[Prompted], vocabulary: int) -> Tensor:
    seen = torch.zeros(len(items), vocabulary, dtype=torch.bool)
    for row, item in enumerate(items):
        seen[row, item.prompt.cpu()] = True
    return seen


def _prefix(model: Autoregression, items: Sequence[Prompted]) -> _Prefix:
    """Embed phones and prompt of each item; join them and pad on the left."""
    rows = []
    for item in items:
        bert = None if item.bert is None else item.bert[None]
        text = model.embed_text(item.read[None], bert)  # (1, L, D)
        audio = model.embed_tokens(item.prompt[None])
        rows.append(torch.cat([text, audio], dim=1)[0])  # (L + P, D)
    size = max(len(row) for row in rows)
    device = rows[0].device
    embedded = torch.stack([F.pad(r, (0, 0, size - len(r), 0)) for r in rows])
    lengths = torch.tensor([len(row) for row in rows], device=device)
    first_token = torch.tensor([size - len(item.prompt) for item in items], device=device)
    place = torch.arange(size, device=device)
    real = place[None, :] >= (size - lengths)[:, None]  # (B, S)
    is_text = place[None, :] < first_token[:, None]  # (B, S)
    earlier = place[None, :] <= place[:, None]  # (S, S), [reader, read]
    order = is_text[:, None, :] | (~is_text[:, :, None] & earlier)  # (B, S, S)
    # Padded readers may read themselves: a row of softmax without any key would be NaN.
    allowed = (order & real[:, None, :]) | torch.eye(size, dtype=torch.bool, device=device)
    return _Prefix(embedded=embedded, allowed=allowed[:, None], real=real)
