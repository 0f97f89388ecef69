import torch

from models.gpt_sovits.s2.source import harmonic_source, overlap_add, short_time_spectrum

RATE = 16000
HOP = 160


def source(pitch: torch.Tensor) -> torch.Tensor:
    return harmonic_source(pitch, hop=HOP, sample_rate_hz=RATE)


def test_it_is_the_sum_of_all_harmonics_at_unit_power() -> None:
    wave = source(torch.full((1, 100), 160.0))[0].double()
    phase = 2 * torch.pi * 160 * torch.arange(1, RATE + 1, dtype=torch.float64) / RATE
    harmonics = 50
    direct = sum(torch.cos(k * phase) for k in range(1, harmonics + 1)) * (2 / harmonics) ** 0.5
    torch.testing.assert_close(wave, direct, rtol=0, atol=2e-2)
    assert abs(float(wave.pow(2).mean()) - 1) < 0.03


def test_unvoiced_frames_are_silent() -> None:
    pitch = torch.full((1, 30), 200.0)
    pitch[:, 10:20] = 0
    wave = source(pitch).view(30, HOP)
    assert torch.count_nonzero(wave[10:20]) == 0
    assert (wave[:10].abs().amax(1) > 0.5).all()


def test_long_sources_stay_in_tune() -> None:
    wave = source(torch.full((1, 3000), 200.0))[0]
    period = RATE // 200
    late = wave[-10 * period :].view(10, period)
    torch.testing.assert_close(late[0], late[-1], rtol=0, atol=1e-2)
    torch.testing.assert_close(late[0], wave[period : 2 * period], rtol=0, atol=5e-2)


def test_overlap_add_inverts_the_transform() -> None:
    torch.manual_seed(0)
    wave = torch.randn(2, 20 * HOP)
    spectrum = short_time_spectrum(wave, 640, HOP)
    assert spectrum.shape == (2, 20, 321)
    torch.testing.assert_close(overlap_add(spectrum, 640, HOP), wave, rtol=1e-4, atol=1e-4)
