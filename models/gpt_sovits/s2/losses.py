"""Training objectives of S2.

Source: docs/gpt_sovits.md 3.8. B batch, C latent channels, T frames, N samples.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

__all__ = [
    "MultiResolutionStftLoss",
    "adversarial_loss",
    "discriminator_loss",
    "feature_loss",
    "kl_loss",
]

_POWER_FLOOR = 1e-7


class MultiResolutionStftLoss(nn.Module):
    """Spectral convergence plus L1 of log magnitudes at several window lengths.

    After Yamamoto et al. 2020 (Parallel WaveGAN, arXiv 1910.11480).
    """

    def __init__(self, windows: Sequence[int] = (256, 512, 1024)) -> None:
        super().__init__()
        self.windows = tuple(windows)

    def forward(self, wave: Tensor, target: Tensor) -> Tensor:
        """Compare (B, N) with (B, N): a scalar, 0 for equal magnitudes."""
        total = wave.new_zeros(())
        for window in self.windows:
            said, wanted = _magnitude(wave, window), _magnitude(target, window)
            error = (said - wanted).pow(2).sum().sqrt() / wanted.pow(2).sum().sqrt()
            total = total + error + (said.log() - wanted.log()).abs().mean()
        return total / len(self.windows)


def _magnitude(wave: Tensor, size: int) -> Tensor:
    window = torch.hann_window(size, device=wave.device)
    frames = wave.unfold(-1, size, size // 4) * window  # (B, T, size)
    spectrum = torch.fft.rfft(frames, dim=-1)
    power: Tensor = spectrum.real.pow(2) + spectrum.imag.pow(2)
    return (power + _POWER_FLOOR).sqrt()


def discriminator_loss(real: Sequence[Tensor], fake: Sequence[Tensor]) -> Tensor:
    """Least-squares loss of the discriminators, summed over them."""
    terms = [
        (1 - r.float()).pow(2).mean() + f.float().pow(2).mean()
        for r, f in zip(real, fake, strict=True)
    ]
    return torch.stack(terms).sum()


def adversarial_loss(fake: Sequence[Tensor]) -> Tensor:
    """Least-squares loss of the generator, summed over the discriminators."""
    return torch.stack([(1 - f.float()).pow(2).mean() for f in fake]).sum()


def feature_loss(real: Sequence[Sequence[Tensor]], fake: Sequence[Sequence[Tensor]]) -> Tensor:
    """Twice the summed L1 distance of every feature map; the real ones give no gradient."""
    terms = [
        (r.detach().float() - f.float()).abs().mean()
        for real_maps, fake_maps in zip(real, fake, strict=True)
        for r, f in zip(real_maps, fake_maps, strict=True)
    ]
    return 2 * torch.stack(terms).sum()


def kl_loss(
    flowed: Tensor, posterior_log_scale: Tensor, mean: Tensor, log_scale: Tensor, mask: Tensor
) -> Tensor:
    """Divergence of the posterior (through the flow) from the prior.

    Summed over channels and divided by the number of valid *frames*, as the checkpoints were
    trained.

    Args:
        flowed: (B, C, T) posterior sample after the flow.
        posterior_log_scale: (B, C, T).
        mean: (B, C, T) of the prior.
        log_scale: (B, C, T) of the prior.
        mask: (B, T) bool.
    """
    keep = mask[:, None, :].float()
    distance = (flowed.float() - mean.float()).pow(2) * (-2 * log_scale.float()).exp()
    divergence = log_scale.float() - posterior_log_scale.float() - 0.5 + 0.5 * distance
    return (divergence * keep).sum() / keep.sum()
