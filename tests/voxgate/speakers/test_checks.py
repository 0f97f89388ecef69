"""Each fault of a recording is named with its figure, and all of them at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.fakes.speaker_profiles import HIGH, LOW, BandEncoder, speak_like
from tests.fakes.syllables import hiss
from voxgate.errors import ProfileRefusedError
from voxgate.params import load_params
from voxgate.settings import Settings
from voxgate.speakers.checks import Check, check_reference, require_passed
from voxgate.speakers.recipe import REFERENCE_1, prepare_recording
from voxgate.types import Wave
from voxgate.wiring.evaluators import build_speaker_encoder

ROOT = Path(__file__).resolve().parents[3]
SPEAKERS = ROOT / "benchmark" / "speakers"
RATE = REFERENCE_1.sample_rate_hz


def checks_of(wave: Wave, *, clipped: float = 0.0) -> dict[str, Check]:
    made = prepare_recording(wave.astype(np.float32)[:, None], RATE)
    found = check_reference(made, REFERENCE_1, clipped_fraction=clipped, encoder=BandEncoder())
    return {check.name: check for check in found}


def failed(checks: dict[str, Check]) -> set[str]:
    return {name for name, check in checks.items() if not check.passed}


def test_clean_speech_passes_every_check() -> None:
    checks = checks_of(speak_like())
    assert failed(checks) == set()
    assert set(checks) == {"duration", "clipping", "snr", "speech_ratio", "one_speaker"}
    assert all(check.measured is not None for check in checks.values())


def test_each_fault_fails_its_own_check() -> None:
    speech = speak_like()
    pause = np.zeros(5 * RATE, np.float32)
    gappy = np.concatenate([speech[:RATE], pause, speech[:RATE]])
    gappy += hiss(len(gappy) / RATE + 1, 1e-4)[: len(gappy)]
    assert failed(checks_of(speech, clipped=0.002)) == {"clipping"}
    assert failed(checks_of(speak_like(noise=0.02))) == {"snr"}
    assert failed(checks_of(speak_like(times=1))) == {"duration"}
    assert "speech_ratio" in failed(checks_of(gappy))


def test_a_second_speaker_is_found_wherever_she_speaks() -> None:
    one, other = speak_like(LOW, times=1), speak_like(HIGH, times=1)
    for parts in ([one, other], [one, one, other], [one, other, one]):
        checks = checks_of(np.concatenate(parts))
        assert failed(checks) == {"one_speaker"}


@pytest.mark.parametrize("n", [0, 10, 400, 8_000, 48_000, 200_000])
def test_silence_of_any_length_is_measured_and_refused(n: int) -> None:
    assert {"snr", "speech_ratio", "one_speaker"} <= failed(checks_of(np.zeros(n)))


def test_all_failed_checks_are_raised_together_with_figure_bound_and_remedy() -> None:
    checks = checks_of(hiss(1.0, 0.05), clipped=0.5)
    with pytest.raises(ProfileRefusedError) as caught:
        require_passed("recording a.wav", checks.values())
    assert len(caught.value.faults) == len(failed(checks)) >= 3
    message = str(caught.value)
    assert "clipping: expected at most 0.001 of the samples" in message
    assert "got 0.5; record again with a lower gain" in message
    assert "duration: expected 3 to 10 s" in message


def test_what_passed_raises_nothing() -> None:
    require_passed("recording a.wav", checks_of(speak_like()).values())


def shipped(voice: str) -> list[Wave]:
    paths = sorted(SPEAKERS.glob(f"{voice}-*.flac"))
    return [soundfile.read(path, dtype="float32")[0] for path in paths]


@pytest.mark.assets
def test_the_real_encoder_tells_one_speaker_from_two(assets_dir: Path) -> None:
    params = load_params(ROOT / "params.yaml").evaluate
    encoder = build_speaker_encoder(params, Settings(assets_dir=assets_dir))

    def second_voice(*waves: Wave) -> Check:
        made = prepare_recording(np.concatenate(waves)[:, None], RATE)
        checks = check_reference(made, REFERENCE_1, clipped_fraction=0.0, encoder=encoder)
        return next(check for check in checks if check.name == "one_speaker")

    emma, adam = shipped("bf_emma"), shipped("am_adam")
    assert second_voice(*emma).passed
    assert second_voice(*adam).passed
    assert not second_voice(emma[0], adam[0], emma[1]).passed
