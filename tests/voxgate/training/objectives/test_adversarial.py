from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from tests.fakes.tiny_preset import TINY_PRO
from tests.fakes.training_clips import CLIPS, clip, flow_learner, still_flow_learner, update
from voxgate.errors import TrainingError
from voxgate.training.fit.micro_batch import MicroBatch
from voxgate.training.fit.stepper import Stepper


def changed(before, after):
    return {name for name, tensor in after.items() if not torch.equal(tensor, before[name])}


def test_learns_a_batch_and_reports_every_loss():
    learner = flow_learner()
    losses = [update(learner, rate=4e-3) for _ in range(8)]

    assert set(losses[0]) == {
        "loss", "adversarial", "features", "mel", "kl", "discriminator", "gradient_norm",
        "discriminator_gradient_norm",
    }  # fmt: skip
    parts = ("adversarial", "features", "mel", "kl")
    assert losses[0]["loss"] == pytest.approx(sum(losses[0][part] for part in parts), rel=1e-5)
    assert losses[-1]["loss"] < 0.8 * losses[0]["loss"]
    assert losses[-1]["discriminator"] < losses[0]["discriminator"]


def test_a_step_changes_both_networks_but_not_the_tokenizer():
    learner = flow_learner()
    before = learner.state()
    update(learner)
    moved = changed(before, {k: v for k, v in learner.state().items() if k in before})

    assert any(name.startswith("judges.") for name in moved)
    assert {"network.dec.conv_pre.weight", "network.enc_q.pre.weight"} <= moved
    assert not {n for n in moved if "quantizer" in n or n.startswith("network.ssl_proj")}


def test_the_generator_is_judged_by_discriminators_that_have_stepped():
    learner = flow_learner()
    whole = MicroBatch.whole(CLIPS, seed=torch.Generator().manual_seed(1).initial_seed())
    learner.network.train()
    old = float(learner._losses(whole, torch.Generator())["adversarial"].detach())
    new = update(learner, rate=1e-2)["adversarial"]

    assert abs(new - old) > 1e-3 * old


def test_both_halves_of_a_step_see_the_same_waves():
    learner = flow_learner()
    assert any(layer.p > 0 for layer in learner.network.modules() if type(layer) is nn.Dropout)
    waves = []
    learner.network.register_forward_hook(lambda _, inputs, out: waves.append(out.wave.detach()))
    update(learner, rate=0.0)
    update(learner, rate=0.0, seed=2)

    assert torch.equal(waves[0], waves[1])
    assert not torch.equal(waves[0], waves[2])


def test_the_text_side_learns_slower():
    learner = flow_learner(text_learning_rate_ratio=0.0, weight_decay=0.0)
    before = learner.weights()
    update(learner)
    moved = changed(before, learner.weights())
    text = ("enc_p.text_embedding.", "enc_p.encoder_text.", "enc_p.mrte.")

    assert not {name for name in moved if name.startswith(text)}
    assert "enc_p.encoder_ssl.attn_layers.0.conv_q.weight" in moved
    assert learner._optimizer.param_groups[0]["lr"] == 1e-3


def test_adam_has_the_public_constants():
    for optimizer in (flow_learner()._optimizer, flow_learner()._discriminator_optimizer):
        for group in optimizer.param_groups:
            assert (group["betas"], group["eps"], group["weight_decay"]) == (
                (0.8, 0.99),
                1e-9,
                0.01,
            )


def test_measuring_changes_nothing_and_repeats():
    learner = flow_learner()
    before = learner.state()
    first, second = (
        learner.measure(CLIPS, generator=torch.Generator().manual_seed(3)) for _ in range(2)
    )

    assert first == second
    assert changed(before, learner.state()) == set()


def test_what_a_clip_draws_does_not_depend_on_the_clips_beside_it():
    batches = flow_learner()._batches
    draws = [
        batches.draws(micro_batch, batches.collate(micro_batch.clips))
        for micro_batch in (
            MicroBatch.whole(CLIPS, seed=5),
            MicroBatch(batch=CLIPS, places=(2,), seed=5),
        )
    ]

    assert torch.equal(draws[0].windows[2:3], draws[1].windows)
    assert torch.equal(draws[0].noise[2:3, :, :18], draws[1].noise)
    assert not torch.equal(draws[0].noise[0, :, :8], draws[0].noise[1, :, :8])


def test_the_divergence_of_the_pieces_adds_up_by_frames():
    learner = still_flow_learner()
    micro_batches = [
        MicroBatch(batch=CLIPS, places=at, seed=5) for at in ((0, 1, 2, 3), (0, 2), (1, 3))
    ]
    whole, *parts = (
        learner._losses(micro_batch, torch.Generator()) for micro_batch in micro_batches
    )

    for name in whole:
        total = float(sum(part[name] for part in parts).detach())
        assert total == pytest.approx(float(whole[name].detach()), rel=1e-5), name


def test_a_clip_shorter_than_the_decoded_window_is_padded():
    batch = flow_learner()._batches.collate([clip("short", 2)])

    assert batch.codes.shape == (1, 4)
    assert batch.spectrogram.shape[-1] == 8
    assert torch.count_nonzero(batch.spectrogram[0, :, 4:]) == 0


@pytest.mark.parametrize("precision", ["float32", "float16"])
def test_a_restored_learner_takes_the_same_next_step(precision):
    first, second = (flow_learner(Stepper(precision=precision)) for _ in range(2))
    update(first, CLIPS[:2])
    second.restore(first.state())
    for learner in (first, second):
        update(learner, CLIPS[:2], seed=9)

    assert changed(first.state(), second.state()) == set()
    assert first.state().keys() == second.state().keys()


def test_a_state_without_discriminators_is_refused():
    learner = flow_learner()
    state = {k: v for k, v in learner.state().items() if not k.startswith("judges.")}

    with pytest.raises(TrainingError, match="s2: the resume state belongs to another network"):
        learner.restore(state)


def test_a_preset_with_speaker_vectors_learns_from_them():
    vectors = np.random.default_rng(1).normal(size=(4, 12)).astype(np.float32)
    clips = tuple(
        replace(each, speaker_vector=vector) for each, vector in zip(CLIPS, vectors, strict=True)
    )
    learner = flow_learner(preset=TINY_PRO)
    before = learner.weights()
    update(learner, clips)

    assert {"sv_emb.weight", "prelu.weight", "ge_to512.weight"} <= changed(
        before, learner.weights()
    )
    with pytest.raises(TrainingError, match=r"'tiny-pro' trains on a speaker vector .* of a, b"):
        update(learner, CLIPS[:2])
