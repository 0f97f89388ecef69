"""Token-by-token generation of S1 for a batch of items.

Source: docs/gpt_sovits.md 4.5. Items are padded on the left, after embedding, so that all of them
write the same cache position. B batch, S positions of phones and prompt, D width, V vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
from models.gpt_sovits.s1.token_model import Generated, Prompted

if TYPE_CHECKING:
    from models.gpt_sovits.s1.text_to_semantic import TextToSemantic

__all__ = ["run_generation", "stream_generation"]


@dataclass(frozen=True, kw_only=True)
class _Prefix:
    embedded: Tensor
    """(B, S, D), padded on the left."""

    allowed: Tensor
    """(B, 1, S, S) bool."""

    real: Tensor
    """(B, S) bool."""


def run_generation(
    model: TextToSemantic,
    items: Sequence[Prompted],
    *,
    generators: Sequence[torch.Generator],
    options: SamplingOptions,
    min_tokens: int,
    max_tokens: Sequence[int],
) -> list[Generated]:
    """Generate for every item; see `TextToSemantic.generate`."""
    _check(items, generators, max_tokens)
    if not items:
        return []
    progress = _Progress(max_tokens)
    for _ in _steps(model, items, progress, generators, options, min_tokens):
        pass
    return progress.results()


def stream_generation(
    model: TextToSemantic,
    item: Prompted,
    *,
    generator: torch.Generator,
    options: SamplingOptions,
    min_tokens: int,
    max_tokens: int,
    chunk_tokens: int,
) -> Iterator[Generated]:
    """Generate for one item, and hand its tokens out as they come; see `TextToSemantic.stream`."""
    _check([item], [generator], [max_tokens])
    progress = _Progress([max_tokens])
    given = 0
    for _ in _steps(model, [item], progress, [generator], options, min_tokens):
        if progress.count(0) - given >= chunk_tokens and not progress.finished:
            yield progress.results(given)[0]
            given = progress.count(0)
    yield progress.results(given)[0]


@torch.inference_mode()
def _steps(
    model: TextToSemantic,
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
    cache = _empty_cache(model, prefix, most)
    hidden = model.h(prefix.embedded, prefix.allowed, cache)
    size = prefix.real.shape[1]
    # A new token reads the real part of the prefix and every token since.
    readable = F.pad(prefix.real, (0, most), value=True)[:, None, None]  # (B, 1, 1, S + most)
    whole = bool(prefix.real.all())  # then it reads everything, and needs no mask to say so
    end = model.preset.end_token
    seen = _seen(items, end + 1).to(hidden.device)
    prompts = torch.tensor([len(item.prompt) for item in items], device=hidden.device)
    for step in range(most):
        logits = model.ar_predict_layer(hidden[:, -1]).float()  # (B, V)
        may_end = step >= min_tokens
        drawn, ended = _draw(logits, seen, generators, options, end=end, may_end=may_end)
        progress.take(drawn.tolist(), ended)
        yield
        if progress.finished:
            return
        seen.scatter_(1, drawn[:, None], True)
        embedded = model.ar_audio_embedding(drawn[:, None])  # (B, 1, D)
        embedded = model.ar_audio_position(embedded, prompts + step)
        hidden = model.h(embedded, None if whole else readable[..., : size + step + 1], cache)


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


def _empty_cache(model: TextToSemantic, prefix: _Prefix, tokens: int) -> KeyValueCache:
    batch, size, width = prefix.embedded.shape
    return KeyValueCache(
        layers=model.preset.layers,
        batch=batch,
        heads=model.preset.heads,
        capacity=size + tokens,
        channels=width // model.preset.heads,
        dtype=model.h.cache_dtype or prefix.embedded.dtype,
        device=prefix.embedded.device,
    )


def _check(
    items: Sequence[Prompted], generators: Sequence[torch.Generator], max_tokens: Sequence[int]
) -> None:
    if not len(items) == len(generators) == len(max_tokens):
        raise ValueError(
            f"{len(items)} items need as many generators and length bounds, "
            f"got {len(generators)} and {len(max_tokens)}"
        )
    for index, item in enumerate(items):
        if len(item.phones) == 0:
            raise ValueError(f"item {index} has no phones; there is nothing to speak")


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


def _prefix(model: TextToSemantic, items: Sequence[Prompted]) -> _Prefix:
    """Embed phones and prompt of each item; join them and pad on the left."""
    rows = []
    for item in items:
        bert = None if item.bert is None else item.bert[None]
        text = model.embed_text(item.read[None], bert)  # (1, L, D)
        audio = model.ar_audio_position(model.ar_audio_embedding(item.prompt[None]))
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
