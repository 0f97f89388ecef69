"""Gated convolutions under a global condition, and the two networks built of them.

Source: docs/gpt_sovits.md 3.5. B batch, H hidden, C latent channels, T frames, G timbre width.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.gpt_sovits.weight_norm import NormConv1d

__all__ = ["GatedStack", "PosteriorEncoder", "ResidualFlow"]

_KERNEL = 5
_COUPLINGS = 4


class GatedStack(nn.Module):
    """WaveNet-like residual layers whose skips are summed; (B, H, T) → (B, H, T)."""

    def __init__(self, hidden: int, layers: int, timbre: int) -> None:
        super().__init__()
        self.hidden = hidden
        self.in_layers = nn.ModuleList(
            NormConv1d(hidden, 2 * hidden, _KERNEL, padding=_KERNEL // 2) for _ in range(layers)
        )
        self.res_skip_layers = nn.ModuleList(
            NormConv1d(hidden, 2 * hidden if index < layers - 1 else hidden, 1)
            for index in range(layers)
        )
        self.cond_layer = NormConv1d(timbre, 2 * hidden * layers, 1)

    def forward(self, x: Tensor, keep: Tensor, timbre: Tensor) -> Tensor:
        """Transform.

        Args:
            x: (B, H, T).
            keep: (B, 1, T) float mask.
            timbre: (B, G, 1).
        """
        conditions = self.cond_layer(timbre).split(2 * self.hidden, dim=1)
        total = torch.zeros_like(x)
        for enter, leave, condition in zip(
            self.in_layers, self.res_skip_layers, conditions, strict=True
        ):
            signal, gate = (enter(x) + condition).chunk(2, dim=1)
            out = leave(signal.tanh() * gate.sigmoid())
            if out.shape[1] == self.hidden:  # the last layer has no residual
                total = total + out
            else:
                residual, skip = out.chunk(2, dim=1)
                x = (x + residual) * keep
                total = total + skip
        return total * keep


class PosteriorEncoder(nn.Module):
    """The latent of real speech: a linear spectrogram to a normal distribution."""

    def __init__(self, bins: int, latent: int, hidden: int, layers: int, *, timbre: int) -> None:
        super().__init__()
        self.pre = nn.Conv1d(bins, hidden, 1)
        self.enc = GatedStack(hidden, layers, timbre)
        self.proj = nn.Conv1d(hidden, 2 * latent, 1)

    def forward(self, spectrogram: Tensor, keep: Tensor, timbre: Tensor) -> tuple[Tensor, Tensor]:
        """Encode (B, bins, T) to mean and ln deviation, each (B, C, T), masked.

        The timbre gives no gradient: the checkpoints were trained so.
        """
        hidden = self.enc(self.pre(spectrogram) * keep, keep, timbre.detach())
        mean, log_scale = (self.proj(hidden) * keep).chunk(2, dim=1)
        return mean, log_scale


class _Coupling(nn.Module):
    """Shift one half of the channels by a function of the other half (volume-preserving)."""

    def __init__(self, latent: int, hidden: int, layers: int, timbre: int) -> None:
        super().__init__()
        self.pre = nn.Conv1d(latent // 2, hidden, 1)
        self.enc = GatedStack(hidden, layers, timbre)
        self.post = nn.Conv1d(hidden, latent // 2, 1)
        nn.init.zeros_(self.post.weight)  # the flow starts as the identity
        assert self.post.bias is not None
        nn.init.zeros_(self.post.bias)

    def forward(self, x: Tensor, keep: Tensor, timbre: Tensor, *, inverse: bool) -> Tensor:
        fixed, moved = x.chunk(2, dim=1)
        shift = self.post(self.enc(self.pre(fixed) * keep, keep, timbre)) * keep
        moved = (moved - shift) * keep if inverse else shift + moved * keep
        return torch.cat([fixed, moved], dim=1)


class _Flip(nn.Module):
    """Reverse the channels. A module only because the checkpoints count it in `flows.<index>`."""

    def forward(self, x: Tensor) -> Tensor:
        return x.flip(1)


class ResidualFlow(nn.Module):
    """Couplings with channel flips between; its log-determinant is 0."""

    def __init__(self, latent: int, hidden: int, layers: int, timbre: int) -> None:
        super().__init__()
        self.flows = nn.ModuleList()
        for _ in range(_COUPLINGS):
            self.flows.append(_Coupling(latent, hidden, layers, timbre))
            self.flows.append(_Flip())

    def forward(self, x: Tensor, keep: Tensor, timbre: Tensor, *, inverse: bool = False) -> Tensor:
        """Map posterior samples to prior samples (B, C, T), or back with `inverse`."""
        for flow in reversed(self.flows) if inverse else self.flows:
            coupled = isinstance(flow, _Coupling)
            x = flow(x, keep, timbre, inverse=inverse) if coupled else flow(x)
        return x
