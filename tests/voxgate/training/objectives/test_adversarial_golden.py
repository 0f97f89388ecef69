"""The adversarial learner's step against the recorded public training code, at full size."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
import torch

from models.gpt_sovits.presets import preset
from models.gpt_sovits.s2.discriminators import Discriminators
from models.gpt_sovits.s2.flow_synthesizer import FlowDraws, FlowSynthesizer
from models.gpt_sovits.s2.synthesizer import SynthesizerBatch
from models.gpt_sovits.schedules import epoch_learning_rate
from tests.fakes.training_clips import LOOP, clip
from tests.models.gpt_sovits import golden
from voxgate.params.train import SynthesizerParams
from voxgate.training.objectives.adversarial import AdversarialLearner

pytestmark = pytest.mark.slow


@dataclass
class RecordedBatches:
    """Stands in for FlowBatches: the recorded batch and its recorded random numbers."""

    batch: SynthesizerBatch
    stored: dict[str, torch.Tensor]

    def collate(self, clips):
        assert len(clips) == len(self.batch.codes)
        return self.batch

    def draws(self, micro_batch, batch):
        return FlowDraws(noise=self.stored["d_noise"], windows=self.stored["d_rand_u"])


@pytest.mark.parametrize("name", ["v2", "v2Pro"])
def test_one_step_is_equal(name: str) -> None:
    stored, recorded = golden.arrays(f"s2_{name}"), golden.facts(f"s2_{name}")["d_losses"]
    network = FlowSynthesizer(preset(name))
    golden.fill(network)
    golden.silence_dropout(network)
    judges = Discriminators(network.preset.synthesizer.wave)
    golden.fill(judges, salt="D:")
    learner = AdversarialLearner(network, judges, SynthesizerParams(**LOOP))
    learner._batches = RecordedBatches(
        SynthesizerBatch(
            codes=network.extract_codes(stored["t_ssl"])[:, 0],
            code_lengths=stored["t_spec_lengths"] // 2,
            frame_lengths=stored["t_spec_lengths"],
            phones=stored["t_text"],
            phone_lengths=stored["t_text_lengths"],
            spectrogram=stored["t_spec"],
            wave=stored["t_wave"][:, 0],
            speaker_vector=stored.get("t_sv"),
        ),
        stored,
    )
    clips = [replace(clip(str(n), 2), tokens=np.arange(int(n))) for n in stored["t_spec_lengths"]]
    before = {key: value.detach().clone() for key, value in network.named_parameters()}

    losses = learner.update(
        clips, learning_rate=epoch_learning_rate(1e-4, 1), generator=torch.Generator()
    )

    ours = ("discriminator", "adversarial", "features", "mel", "kl", "loss")
    theirs = ("loss_disc", "loss_gen", "loss_fm", "loss_mel", "loss_kl", "loss_gen_all")
    for one, other in zip(ours, theirs, strict=True):
        assert losses[one] == pytest.approx(recorded[other], rel=1e-4), one
    assert losses["discriminator_gradient_norm"] == pytest.approx(recorded["grad_norm_d"], rel=1e-3)
    assert losses["gradient_norm"] == pytest.approx(recorded["grad_norm_g"], rel=1e-3)
    compared = [key for key in stored if key.startswith("d_after:")]
    for key in compared:
        parameter = key.removeprefix("d_after:")
        moved = network.get_parameter(parameter).detach() - before[parameter]
        torch.testing.assert_close(moved, stored[key] - before[parameter], rtol=1e-2, atol=2e-7)
    assert len(compared) >= 5
