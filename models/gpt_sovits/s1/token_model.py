"""What a voice asks of S1, whichever network answers: phones in, semantic tokens out.

L phones of the target, K phones of the prompt, P tokens of the prompt, M new tokens.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn

from models.gpt_sovits.s1.sampling import SamplingOptions

__all__ = ["Generated", "Prompted", "TokenModel", "TokenNetwork", "token_limits"]


@dataclass(frozen=True, kw_only=True)
class Prompted:
    """What one item is generated from."""

    phones: Tensor
    """(L,) int64 phones to speak."""

    prompt_phones: Tensor | None = None
    """(K,) int64 phones that the prompt's tokens speak."""

    prompt: Tensor
    """(P,) int64 semantic tokens of the prompt; may be empty."""

    bert: Tensor | None = None
    """(bert_channels, K + L) text features."""

    @property
    def read(self) -> Tensor:
        """(K + L,) the prompt's phones, then those to speak."""
        if self.prompt_phones is None:
            return self.phones
        return torch.cat([self.prompt_phones, self.phones])


@dataclass(frozen=True, kw_only=True)
class Generated:
    """What came out for one item."""

    tokens: Tensor
    """(M,) int64, without the prompt and the end token."""

    stopped_by_limit: bool
    """The length bound ended it, not the model."""

    alignment: Tensor | None = None
    """(2 M,) int64: which of the phones each 50 Hz frame speaks, where S1 knows it."""


class TokenModel(Protocol):
    """S1 as a voice sees it."""

    def generate(
        self,
        items: Sequence[Prompted],
        *,
        generators: Sequence[torch.Generator],
        options: SamplingOptions | None = None,
        min_tokens: int = 11,
        max_tokens: int | Sequence[int] = 1500,
    ) -> list[Generated]:
        """Turn the phones of several sentences into tokens; each gets what it would get alone.

        Args:
            items: phones and prompt of each; a model that takes no prompt ignores it.
            generators: one an item, which its draws come from.
            options: how tokens are drawn; None takes the defaults.
            min_tokens: an item has at least so many.
            max_tokens: and at most so many, for all or for each.

        Returns:
            One entry an item, in order.

        Raises:
            ValueError: an item has no phones, or the numbers of items and generators differ.
        """
        ...

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
        """Hand out the tokens of one sentence in pieces, as soon as there are `chunk_tokens`.

        A model that has them all at once inherits this: one piece. Only the last piece may be empty
        or say that the bound stopped it.
        """
        del chunk_tokens
        yield from self.generate(
            [item],
            generators=[generator],
            options=options,
            min_tokens=min_tokens,
            max_tokens=max_tokens,
        )


class TokenNetwork(nn.Module, TokenModel):
    """S1 as training sees it: a `TokenModel` with weights."""

    def align(
        self,
        phones: Tensor,  # noqa: ARG002  # for the networks that align
        phone_lengths: Tensor,  # noqa: ARG002
        codes: Tensor,  # noqa: ARG002
        code_lengths: Tensor,  # noqa: ARG002
    ) -> Tensor | None:
        """Say which phone each frame belongs to: (B, 2 M) int64; None: this S1 does not know.

        Args:
            phones: (B, L) int64.
            phone_lengths: (B,) int64.
            codes: (B, M) int64 tokens that speak them.
            code_lengths: (B,) int64.
        """
        return None


def token_limits(
    items: Sequence[Prompted],
    generators: Sequence[torch.Generator],
    max_tokens: int | Sequence[int],
) -> list[int]:
    """Return the length bound of each item.

    Raises:
        ValueError: an item has no phones, or the numbers of items, generators and bounds differ.
    """
    limits = [max_tokens] * len(items) if isinstance(max_tokens, int) else list(max_tokens)
    if not len(items) == len(generators) == len(limits):
        raise ValueError(
            f"{len(items)} items need as many generators and length bounds, "
            f"got {len(generators)} and {len(limits)}"
        )
    for index, item in enumerate(items):
        if len(item.phones) == 0:
            raise ValueError(f"item {index} has no phones; there is nothing to speak")
    return limits
