"""S1: an autoregressive transformer from phones to semantic tokens.

Source: docs/gpt_sovits.md 4. Names follow the public checkpoints (there under the prefix `model.`).
B batch, L phones, M tokens, S = L + M positions, D width, V = codes + 1 (the end token).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.gpt_sovits.masks import length_mask
from models.gpt_sovits.presets import TextToSemanticPreset
from models.gpt_sovits.s1.generation import run_generation, stream_generation
from models.gpt_sovits.s1.key_value_cache import KeyValueCache
from models.gpt_sovits.s1.sampling import SamplingOptions
from models.gpt_sovits.s1.token_model import Generated, Prompted, TokenNetwork
from models.gpt_sovits.s1.transformer import SinePosition, Transformer

__all__ = ["TextToSemantic", "TextToSemanticBatch", "token_loss"]


@dataclass(frozen=True, kw_only=True)
class TextToSemanticBatch:
    """Training items of S1, right-padded (the values in the padding do not matter)."""

    phones: Tensor
    """(B, L) int64."""

    phone_lengths: Tensor
    """(B,) int64."""

    codes: Tensor
    """(B, M) int64."""

    code_lengths: Tensor
    """(B,) int64."""

    bert: Tensor | None = None
    """(B, bert_channels, L) text features, zeros where there are none."""

    def to(self, device: torch.device | str) -> TextToSemanticBatch:
        """Return the batch on `device`."""
        moved = {
            entry.name: value.to(device)
            for entry in fields(self)
            if isinstance(value := getattr(self, entry.name), Tensor)
        }
        return replace(self, **moved)


class _Embedding(nn.Module):
    def __init__(self, rows: int, width: int) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(rows, width)

    def forward(self, ids: Tensor) -> Tensor:
        out: Tensor = self.word_embeddings(ids)
        return out


class TextToSemantic(TokenNetwork):
    """Phones and earlier tokens in, the next token's logits out.

    `legacy_padding` restores the public training code's mask, which hides the first phones of
    every row shorter than the longest and reads its padding instead; for comparisons only.
    """

    def __init__(self, preset: TextToSemanticPreset, *, legacy_padding: bool = False) -> None:
        super().__init__()
        self.preset = preset
        self.legacy_padding = legacy_padding
        if preset.bert_channels:
            self.bert_proj = nn.Linear(preset.bert_channels, preset.width)
        self.ar_text_embedding = _Embedding(preset.phones, preset.width)
        self.ar_text_position = SinePosition(preset.width, preset.dropout)
        self.ar_audio_embedding = _Embedding(preset.codes + 1, preset.width)
        self.ar_audio_position = SinePosition(preset.width, preset.dropout)
        self.h = Transformer(
            preset.width,
            preset.heads,
            preset.layers,
            feed_forward=preset.feed_forward,
            dropout=preset.dropout,
        )
        self.ar_predict_layer = nn.Linear(preset.width, preset.codes + 1, bias=False)

    def forward(self, batch: TextToSemanticBatch) -> tuple[Tensor, Tensor]:
        """Predict every token from the phones and the tokens before it.

        Returns:
            logits (B, M + 1, V) and targets (B, M + 1): the codes, then the end token; every
            position past an item's own end token is the end token too.
        """
        end = self.preset.end_token
        real = length_mask(batch.code_lengths, batch.codes.shape[1])  # (B, M)
        codes = torch.where(real, batch.codes, end)
        text, text_mask = self._padded_text(batch)
        audio = self.embed_tokens(codes)
        allowed = _reading_order(text_mask, real)  # (B, 1, S, S)
        hidden = self.h(torch.cat([text, audio], dim=1), allowed)
        # The last phone predicts the first token.
        logits: Tensor = self.ar_predict_layer(hidden[:, text.shape[1] - 1 :])
        return logits, F.pad(codes, (0, 1), value=end)

    def embed_text(self, phones: Tensor, bert: Tensor | None = None) -> Tensor:
        """Embed (B, L) phones, with (B, bert_channels, L) features if the preset takes them.

        Returns:
            (B, L, D) with positions from 0.
        """
        embedded = self.ar_text_embedding(phones)
        if self.preset.bert_channels:
            if bert is None:
                bert = embedded.new_zeros(len(phones), self.preset.bert_channels, phones.shape[1])
            embedded = embedded + self.bert_proj(bert.transpose(1, 2))
        placed: Tensor = self.ar_text_position(embedded)
        return placed

    @property
    def end_token(self) -> int:
        """Implement generation.Autoregression, as what follows does."""
        return self.preset.end_token

    def embed_tokens(self, tokens: Tensor, start: Tensor | None = None) -> Tensor:
        """Embed (B, M) tokens with positions from `start`, (B,) int64 or 0: (B, M, D)."""
        placed: Tensor = self.ar_audio_position(self.ar_audio_embedding(tokens), start)
        return placed

    def empty_cache(self, embedded: Tensor, tokens: int) -> KeyValueCache:
        """Return a cache for (B, S, D) and `tokens` more positions a row."""
        batch, size, width = embedded.shape
        return KeyValueCache(
            layers=self.preset.layers,
            batch=batch,
            heads=self.preset.heads,
            capacity=size + tokens,
            channels=width // self.preset.heads,
            dtype=self.h.cache_dtype or embedded.dtype,
            device=embedded.device,
        )

    def read(self, embedded: Tensor, allowed: Tensor | None, cache: KeyValueCache) -> Tensor:
        """Run the layers over (B, S, D) new positions: (B, S, D)."""
        hidden: Tensor = self.h(embedded, allowed, cache)
        return hidden

    def predict(self, hidden: Tensor) -> Tensor:
        """Return the logits of what follows the last of (B, S, D): (B, V) float32."""
        logits: Tensor = self.ar_predict_layer(hidden[:, -1]).float()
        return logits

    def _padded_text(self, batch: TextToSemanticBatch) -> tuple[Tensor, Tensor]:
        """Embed the phones and move each row's padding to its left.

        So the last real phone of every row stands right before the first token. Positions are
        given before the move: position 0 is always the first real phone.
        """
        text = self.embed_text(batch.phones, batch.bert)  # (B, L, D)
        size = text.shape[1]
        missing = size - batch.phone_lengths  # (B,)
        source = torch.arange(size, device=text.device) - missing[:, None]  # (B, L)
        if self.legacy_padding:
            return text, source >= 0
        index = source.clamp(min=0)[:, :, None].expand_as(text)
        return text.gather(1, index), source >= 0

    def generate(
        self,
        items: Sequence[Prompted],
        *,
        generators: Sequence[torch.Generator],
        options: SamplingOptions | None = None,
        min_tokens: int = 11,
        max_tokens: int | Sequence[int] = 1500,
    ) -> list[Generated]:
        """Implement TokenModel: token after token; see generation.py."""
        return run_generation(
            self,
            items,
            generators=generators,
            options=options or SamplingOptions(),
            min_tokens=min_tokens,
            max_tokens=max_tokens,
        )

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
        """Implement TokenModel: the pieces come as the tokens are drawn."""
        yield from stream_generation(
            self,
            item,
            generator=generator,
            options=options or SamplingOptions(),
            min_tokens=min_tokens,
            max_tokens=max_tokens,
            chunk_tokens=chunk_tokens,
        )


def _reading_order(text_mask: Tensor, audio_mask: Tensor) -> Tensor:
    """Say what each position may read: phones all phones; tokens all phones and earlier tokens.

    Args:
        text_mask: (B, L) bool.
        audio_mask: (B, M) bool.

    Returns:
        (B, 1, L + M, L + M) bool, indexed [reader, read].
    """
    phones = text_mask.shape[1]
    size = phones + audio_mask.shape[1]
    place = torch.arange(size, device=text_mask.device)
    order = (place[None, :] < phones) | (
        (place[:, None] >= phones) & (place[None, :] <= place[:, None])
    )
    real = torch.cat([text_mask, audio_mask], dim=1)  # (B, S)
    return (order & real[:, None, :])[:, None]


def token_loss(
    logits: Tensor, targets: Tensor, code_lengths: Tensor, *, summed: bool = False
) -> Mapping[str, Tensor]:
    """Measure the cross-entropy of next tokens.

    Args:
        logits: (B, M + 1, V) from `TextToSemantic.forward`.
        targets: (B, M + 1).
        code_lengths: (B,) int64.
        summed: sum over all positions, padding included, as the public checkpoints were trained;
            otherwise the mean over real targets (codes and one end token an item).

    Returns:
        "total" to minimise, and "top3", the share of real codes among the 3 likeliest.
    """
    real = length_mask(code_lengths + 1, targets.shape[1])
    entropy = F.cross_entropy(logits.transpose(1, 2).float(), targets, reduction="none")
    total = entropy.sum() if summed else (entropy * real).sum() / real.sum()
    with torch.no_grad():
        codes = length_mask(code_lengths, targets.shape[1])
        found = (logits.topk(3, dim=-1).indices == targets[:, :, None]).any(-1)
        top3 = (found & codes).sum() / codes.sum().clamp(min=1)
    return {"total": total, "top3": top3}
