"""S1 without recursion: a duration for every phone, then a code for every token at once.

It cannot repeat, skip or run on, which is what a small autoregressive S1 does most
(docs/adr/0004-s1-without-recursion.md). Phones and tokens are aligned by a small emission model,
trained with it.
B batch, L phones (with a boundary at each end), T frames of 50 Hz, M = T / 2 tokens, D width.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.gpt_sovits.attention import RelativeEncoder
from models.gpt_sovits.masks import length_mask
from models.gpt_sovits.presets import DurationPreset
from models.gpt_sovits.s1.monotonic import best_durations, path_log_likelihood
from models.gpt_sovits.s1.sampling import SamplingOptions
from models.gpt_sovits.s1.token_model import Generated, Prompted, TokenNetwork, token_limits

__all__ = ["DurationBatch", "DurationTextToSemantic"]

_RATE_JITTER = 0.03
"""Standard deviation of ln(speaking rate) between two seeds."""

_MAX_FRAMES = 100
"""No phone lasts longer than two seconds."""


@dataclass(frozen=True, kw_only=True)
class DurationBatch:
    """Training items, right-padded; the prompt is another clip of the same speaker."""

    phones: Tensor
    """(B, P) int64, without boundaries."""

    phone_lengths: Tensor
    codes: Tensor
    """(B, M) int64."""

    code_lengths: Tensor
    prompt: Tensor
    """(B, Q) int64 codes of the prompt."""

    prompt_lengths: Tensor
    prompt_phones: Tensor
    """(B,) int64 phones of the prompt, for its speaking rate."""

    def to(self, device: torch.device | str) -> DurationBatch:
        """Return the batch on `device`."""
        return DurationBatch(**{e.name: getattr(self, e.name).to(device) for e in fields(self)})


class DurationTextToSemantic(TokenNetwork):
    """Phones and a prompt in; durations and codes out."""

    def __init__(self, preset: DurationPreset) -> None:
        super().__init__()
        self.preset = preset
        width = preset.width
        self.emission = _Emission(preset)
        self.text_embedding = nn.Embedding(preset.phones, width)
        self.code_embedding = nn.Embedding(preset.codes, width)
        self.style = nn.Sequential(nn.Linear(width + 1, width), nn.GELU(), nn.Linear(width, width))
        self.encoder_text = _encoder(preset, preset.text_layers)
        self.durations = _DurationHead(width)
        self.place = nn.Linear(3, width)
        self.pair = nn.Linear(2 * width, width)
        self.encoder_frames = _encoder(preset, preset.frame_layers)
        self.classify = nn.Linear(width, preset.codes)

    def forward(self, batch: DurationBatch) -> Mapping[str, Tensor]:
        """Return the losses: `total`, `path` and `code` (nats a token), `duration` (ln frames).

        `top1` is the share of tokens that are the likeliest.

        Raises:
            ValueError: an item has more phones than frames.
        """
        phones, lengths = self._bounded(batch.phones, batch.phone_lengths)
        score = self._score(phones, lengths, batch.codes)
        frames = 2 * batch.code_lengths
        durations = best_durations(score, frames, lengths)  # (B, L)
        path = -path_log_likelihood(score, frames, lengths).sum() / batch.code_lengths.sum()
        style = self._style(batch.prompt, batch.prompt_lengths, batch.prompt_phones)
        text = self._encode(phones, lengths, style)
        predicted = self.durations(text)  # (B, L)
        real = length_mask(lengths, phones.shape[1])
        wanted = durations.clamp(min=1).float().log()
        duration = ((predicted - wanted).abs() * real).sum() / real.sum()
        logits = self._classify(text, durations, style)  # (B, M, K)
        spoken = length_mask(batch.code_lengths, logits.shape[1])
        said, wanted_codes = logits[spoken], batch.codes[:, : logits.shape[1]][spoken]
        code = F.cross_entropy(said, wanted_codes, label_smoothing=self.preset.label_smoothing)
        top1 = (said.argmax(-1) == wanted_codes).float().mean()
        total = path + duration + code
        return {"total": total, "path": path, "duration": duration, "code": code, "top1": top1}

    @torch.no_grad()
    def align(
        self, phones: Tensor, phone_lengths: Tensor, codes: Tensor, code_lengths: Tensor
    ) -> Tensor:
        """Implement TokenNetwork: (B, 2 M) indices into `phones`.

        The silence before the first phone counts as the first, the one after the last as the last.

        Raises:
            ValueError: an item has more phones than frames.
        """
        bounded, lengths = self._bounded(phones, phone_lengths)
        durations = best_durations(self._score(bounded, lengths, codes), 2 * code_lengths, lengths)
        index = _frame_index(durations, 2 * codes.shape[1])  # (B, T) into the bounded phones
        return _unbounded(index, phone_lengths[:, None])

    @torch.no_grad()
    def generate(
        self,
        items: Sequence[Prompted],
        *,
        generators: Sequence[torch.Generator],
        options: SamplingOptions | None = None,  # noqa: ARG002  # nothing is drawn token by token
        min_tokens: int = 1,
        max_tokens: int | Sequence[int] = 1500,
    ) -> list[Generated]:
        """Implement TokenModel; each entry knows the phone of every frame.

        The prompt gives style and speaking rate, an empty one the average. A seed moves the rate.
        """
        limits = token_limits(items, generators, max_tokens)
        return [
            self._generate(item, generator, least=min_tokens, most=limit)
            for item, generator, limit in zip(items, generators, limits, strict=True)
        ]

    def _generate(
        self, item: Prompted, generator: torch.Generator, *, least: int, most: int
    ) -> Generated:
        device = item.phones.device
        count = torch.tensor([len(item.phones)], device=device)
        read = 0 if item.prompt_phones is None else len(item.prompt_phones)
        phones, lengths = self._bounded(item.phones[None], count)
        style = self._style(
            item.prompt[None],
            torch.tensor([len(item.prompt)], device=device),
            torch.tensor([read], device=device),
        )
        text = self._encode(phones, lengths, style)
        jitter = _RATE_JITTER * torch.randn((), generator=generator).to(device)
        wished = (self.durations(text) + jitter).exp()  # (1, L)
        durations = _whole_frames(wished, least=2 * least, most=2 * most)
        tokens = self._classify(text, durations, style)[0].argmax(-1)  # (M,)
        index = _frame_index(durations, 2 * len(tokens))
        return Generated(
            tokens=tokens,
            stopped_by_limit=bool(wished.sum() > 2 * most),
            alignment=_unbounded(index, count[:, None])[0],
        )

    def _bounded(self, phones: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Put the boundary before the first and after the last phone of each row."""
        padded = F.pad(phones, (1, 1), value=self.preset.boundary)
        place = torch.arange(padded.shape[1], device=phones.device)
        outside = place > lengths[:, None]
        return padded.masked_fill(outside, self.preset.boundary), lengths + 2

    def _score(self, phones: Tensor, lengths: Tensor, codes: Tensor) -> Tensor:
        """Return ln P(code of the frame | phone) for the aligner: (B, T, L)."""
        given = self.emission(phones, length_mask(lengths, phones.shape[1]))  # (B, L, K)
        index = codes[:, None, :].expand(-1, phones.shape[1], -1)  # (B, L, M)
        by_token: Tensor = given.gather(2, index).transpose(1, 2)  # (B, M, L)
        # Half a token's evidence for each of its two frames.
        return 0.5 * by_token.repeat_interleave(2, dim=1)

    def _style(self, prompt: Tensor, lengths: Tensor, phones: Tensor) -> Tensor:
        """Summarise the prompt, without order: (B, D); zero for an empty prompt."""
        real = length_mask(lengths, prompt.shape[1]).float()  # (B, Q)
        embedded = (self.code_embedding(prompt) * real[:, :, None]).sum(1)
        mean = embedded / lengths.clamp(min=1)[:, None]
        rate = (2 * lengths.clamp(min=1) / phones.clamp(min=1)).log()  # frames a phone
        made: Tensor = self.style(torch.cat([mean, rate[:, None] - self.preset.mean_rate], dim=1))
        return made * (lengths > 0)[:, None]

    def _encode(self, phones: Tensor, lengths: Tensor, style: Tensor) -> Tensor:
        embedded = self.text_embedding(phones) + style[:, None]  # (B, L, D)
        mask = length_mask(lengths, phones.shape[1])
        encoded: Tensor = self.encoder_text(embedded.transpose(1, 2), mask).transpose(1, 2)
        return encoded

    def _classify(self, text: Tensor, durations: Tensor, style: Tensor) -> Tensor:
        """Stretch (B, L, D) by (B, L) durations and classify every token: (B, M, K)."""
        total = durations.sum(1)  # (B,)
        size = int(total.max())
        size += size % 2
        index = _frame_index(durations, size)  # (B, T)
        frames = text.gather(1, index[:, :, None].expand(-1, -1, text.shape[2]))
        frames = frames + self.place(_places(durations, index))
        pairs = self.pair(frames.reshape(len(frames), size // 2, -1))  # (B, M, D)
        mask = length_mask((total + 1) // 2, size // 2)
        pairs = (pairs + style[:, None]).transpose(1, 2)
        logits: Tensor = self.classify(self.encoder_frames(pairs, mask).transpose(1, 2))
        return logits


class _Emission(nn.Module):
    """ln P(code | phone and its neighbours): narrow, so that no phone speaks for another."""

    def __init__(self, preset: DurationPreset) -> None:
        super().__init__()
        self.embedding = nn.Embedding(preset.phones, preset.emission_width)
        self.mix = nn.Conv1d(preset.emission_width, preset.emission_width, 3, padding=1)
        self.leave = nn.Linear(preset.emission_width, preset.codes)

    def forward(self, phones: Tensor, mask: Tensor) -> Tensor:
        x = self.embedding(phones) * mask[:, :, None]
        x = x + F.gelu(self.mix(x.transpose(1, 2)).transpose(1, 2))
        out: Tensor = self.leave(x).log_softmax(-1)
        return out


class _DurationHead(nn.Module):
    """ln of the frames of each phone: (B, L, D) → (B, L)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.mix = nn.Conv1d(width, width, 3, padding=1)
        self.norm = nn.LayerNorm(width)
        self.leave = nn.Linear(width, 1)

    def forward(self, text: Tensor) -> Tensor:
        mixed = F.gelu(self.mix(text.transpose(1, 2)).transpose(1, 2))
        out: Tensor = self.leave(self.norm(mixed))[:, :, 0]
        return out + 1.4  # e^1.4 = 4 frames, the average


def _encoder(preset: DurationPreset, layers: int) -> RelativeEncoder:
    return RelativeEncoder(
        preset.width,
        preset.feed_forward,
        preset.heads,
        layers,
        kernel=preset.kernel,
        window=preset.window,
        dropout=preset.dropout,
    )


def _frame_index(durations: Tensor, size: int) -> Tensor:
    """Return which phone each of `size` frames belongs to: (B, size); past the end the last."""
    ends = durations.cumsum(1)  # (B, L)
    place = torch.arange(size, device=durations.device).expand(len(durations), -1).contiguous()
    return torch.searchsorted(ends, place, right=True).clamp(max=durations.shape[1] - 1)


def _places(durations: Tensor, index: Tensor) -> Tensor:
    """Return where each frame lies in its phone: (B, T, 3): share, ln frames, from the centre."""
    ends = durations.cumsum(1)
    length = durations.gather(1, index).clamp(min=1).float()
    start = (ends - durations).gather(1, index)
    place = torch.arange(index.shape[1], device=index.device)
    share = ((place - start) + 0.5) / length
    share = share.clamp(0, 1)
    return torch.stack([share, length.log(), (share - 0.5).abs()], dim=-1)


def _whole_frames(wished: Tensor, *, least: int, most: int) -> Tensor:
    """Round (1, L) durations so that the sums stay close: an even number of whole frames in all.

    What `most` cuts off is cut from the end; what `least` lacks is added to the last silence.
    """
    ends = wished.clamp(1, _MAX_FRAMES).cumsum(1).round().long()
    durations = torch.diff(ends, prepend=ends.new_zeros(1, 1)).clamp(min=1)
    excess = durations.cumsum(1) - most
    durations = torch.where(excess > 0, (durations - excess).clamp(min=0), durations)
    missing = (least - durations.sum()).clamp(min=0)
    durations[:, -1] += missing + (durations.sum() + missing) % 2
    return durations


def _unbounded(index: Tensor, phone_lengths: Tensor) -> Tensor:
    return torch.minimum((index - 1).clamp(min=0), phone_lengths - 1)
