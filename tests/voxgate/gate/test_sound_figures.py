import numpy as np
import pytest

from tests.fakes.evidence import make_evidence, noisy_rows
from voxgate.gate.sound_arm import build_sound_arm
from voxgate.gate.sound_figures import ResampledSound, describe_sound, resample_sound
from voxgate.gate.statistics import draw_blocks, ratio_draws


def heard(seed: int) -> ResampledSound:
    arm = build_sound_arm(make_evidence(row=noisy_rows(seed)), ranges={})
    return resample_sound(arm, draws=1000, seed=7, confidence=0.95)


def test_a_mean_is_drawn_as_the_words_are() -> None:
    voice = heard(1)
    index = draw_blocks(60, draws=1000, seed=7)
    expected = ratio_draws(voice.arm.sums[0], voice.arm.counts[0] * 1_000_000, index)
    assert np.array_equal(voice.draws["level_lufs"], expected)


def test_a_voice_differs_from_itself_by_exactly_nothing() -> None:
    for name, found in heard(1).minus(heard(1)).items():
        assert (found.low, found.point, found.high) == (0, 0, 0), name


def test_pairing_removes_what_the_prompts_share() -> None:
    one, two = heard(1), heard(2)
    alone = one.means["pace"]
    paired = one.minus(two)["pace"]
    assert paired.high - paired.low < 0.8 * 2**0.5 * (alone.high - alone.low)


def test_the_share_of_outliers_has_exact_bounds() -> None:
    found = describe_sound(heard(1))["sound_outlier_rate"]
    assert found.low == found.point == 0.0
    assert found.high == pytest.approx(1 - 0.05 ** (1 / 60), abs=1e-6)
