import pytest
import torch

from models.gpt_sovits.s2.pitch import estimate_pitch
from models.gpt_sovits.s2.source import harmonic_source

RATE = 16000
HOP = 160


def estimate(wave: torch.Tensor) -> torch.Tensor:
    return estimate_pitch(wave, sample_rate_hz=RATE, hop=HOP)


@pytest.mark.parametrize("hz", [75.0, 120.0, 220.0, 400.0])
def test_a_buzz_has_its_pitch_in_every_inner_frame(hz: float) -> None:
    buzz = 0.1 * harmonic_source(torch.full((1, 100), hz), hop=HOP, sample_rate_hz=RATE)
    found = estimate(buzz)
    assert found.shape == (1, 100)
    torch.testing.assert_close(found[0, 5:-5], torch.full((90,), hz), rtol=0.01, atol=0)


def test_a_glide_is_followed() -> None:
    true = torch.linspace(120, 240, 200)[None]
    found = estimate(0.1 * harmonic_source(true, hop=HOP, sample_rate_hz=RATE))
    inner = slice(5, -5)
    assert ((found[0, inner] / true[0, inner]).log2().abs() < 0.03).all()


def test_noise_and_silence_have_none() -> None:
    torch.manual_seed(0)
    noise = 0.1 * torch.randn(1, RATE)
    assert (estimate(noise) > 0).float().mean() < 0.05
    assert torch.count_nonzero(estimate(torch.zeros(1, RATE))) == 0


def test_a_quiet_tail_is_unvoiced() -> None:
    buzz = 0.3 * harmonic_source(torch.full((1, 100), 150.0), hop=HOP, sample_rate_hz=RATE)
    buzz[:, RATE // 2 :] *= 0.001
    found = estimate(buzz)
    assert (found[0, 5:45] > 0).all()
    assert torch.count_nonzero(found[0, 56:]) == 0
