import numpy as np
import pytest
import torch

from tests.fakes.tiny_preset import TINY
from tests.fakes.training_set import random_tokenizer
from voxgate.features.clips import TrainingClip
from voxgate.training.fit.learner import NetworkLearner
from voxgate.training.fit.stepper import Stepper
from voxgate.training.networks import build_networks
from voxgate.training.objectives.synthesizer import SynthesizerObjective


def clip(name: str, tokens: int, *, samples_off: int = 0) -> TrainingClip:
    time_s = np.arange(tokens * 640 + samples_off) / 16000
    wave = (0.2 * np.sign(np.sin(2 * np.pi * 150 * time_s))).astype(np.float32)
    return TrainingClip(
        clip_id=name,
        text="",
        phones=np.arange(1, tokens // 3, dtype=np.int64),
        tokens=np.arange(tokens, dtype=np.int64),
        read_wave=lambda: wave,
    )


@pytest.fixture
def objective() -> SynthesizerObjective:
    tokenizer = {name: torch.from_numpy(value) for name, value in random_tokenizer().items()}
    return SynthesizerObjective(TINY, build_networks(TINY, seed=1, tokenizer=tokenizer).synthesizer)


def test_every_part_of_a_batch_covers_the_same_time(objective):
    batch = objective.collate([clip("a", 20, samples_off=77), clip("b", 30, samples_off=-50)])

    assert batch.codes.shape == (2, 30)
    assert batch.wave.shape == (2, 30 * 640)
    assert batch.spectrogram.shape == (2, 513, 60)
    assert batch.pitch_hz is not None
    assert batch.pitch_hz.shape == (2, 120)
    assert batch.code_lengths.tolist() == [20, 30]
    assert torch.count_nonzero(batch.wave[0, 20 * 640 :]) == 0


def test_pitch_is_estimated_from_the_clip_and_zero_in_the_padding(objective):
    pitch = objective.collate([clip("a", 20), clip("b", 30)]).pitch_hz

    assert pitch is not None
    assert pitch[1, 40:80].median().item() == pytest.approx(150, rel=0.03)
    assert torch.count_nonzero(pitch[0, 80:]) == 0


def test_a_pitch_that_is_known_is_not_estimated(objective):
    objective.pitch["a"] = torch.full((80,), 99.0)

    pitch = objective.collate([clip("a", 20), clip("b", 20)]).pitch_hz

    assert pitch[0].unique().tolist() == [99.0]
    assert pitch[1].median().item() == pytest.approx(150, rel=0.03)


def test_training_lowers_the_loss_on_one_batch(objective):
    learner = NetworkLearner(objective, weight_decay=0.0, max_gradient_norm=5.0)
    clips = [clip("a", 20), clip("b", 22)]
    losses = [
        learner.update(clips, learning_rate=3e-3, generator=torch.Generator().manual_seed(1))
        for _ in range(25)
    ]

    assert losses[-1]["loss"] < 0.8 * losses[0]["loss"]
    assert set(losses[0]) >= {"loss", "mel", "stft", "pitch", "voicing", "gradient_norm"}


def test_half_precision_is_near_and_its_losses_are_float32(objective):
    clips = [clip("a", 20), clip("b", 22)]
    exact, half = (
        NetworkLearner(objective, 0.0, 5.0, stepper=Stepper(precision=precision)).measure(
            clips, generator=torch.Generator().manual_seed(1)
        )
        for precision in ("float32", "bfloat16")
    )

    assert half != exact
    assert half == pytest.approx(exact, rel=0.02)


def test_pitch_and_spectrogram_stay_exact_in_half_precision(objective):
    clips = [clip("a", 20), clip("b", 30)]
    with torch.autocast("cpu", torch.bfloat16):
        half = objective.collate(clips)
    exact = SynthesizerObjective(TINY, objective.network).collate(clips)

    assert torch.equal(half.pitch_hz, exact.pitch_hz)
    assert torch.equal(half.spectrogram, exact.spectrogram)


def test_the_tokenizer_is_not_trained(objective):
    before = {n: t.clone() for n, t in objective.network.state_dict().items() if "quant" in n}
    learner = NetworkLearner(objective, weight_decay=0.1, max_gradient_norm=5.0)
    learner.update([clip("a", 20)], learning_rate=1e-2, generator=torch.Generator())

    after = objective.network.state_dict()
    assert all(torch.equal(after[name], tensor) for name, tensor in before.items())
