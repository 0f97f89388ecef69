import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from models.gpt_sovits.s1.preference import sequence_log_probability
from tests.fakes.tiny_preset import TINY
from tests.fakes.training_clips import CLIPS, text_learner, update
from tests.fakes.training_set import random_tokenizer
from tests.models.gpt_sovits import golden
from tests.models.gpt_sovits.s1.test_text_to_semantic_golden import build
from voxgate.features.clips import TrainingClip
from voxgate.training.fit.learner import NetworkLearner
from voxgate.training.fit.micro_batch import MicroBatch
from voxgate.training.fit.stepper import Stepper
from voxgate.training.networks import build_networks
from voxgate.training.objectives.text_to_semantic import TextToSemanticObjective
from voxgate.voice.text_features import CharacterFeatures

TOKENIZER = {name: torch.from_numpy(value) for name, value in random_tokenizer().items()}


def clip(name: str, phones: int, tokens: int) -> TrainingClip:
    return TrainingClip(
        clip_id=name,
        text="",
        phones=np.arange(1, phones + 1, dtype=np.int64),
        tokens=np.full(tokens, phones, dtype=np.int64),
        read_wave=lambda: np.zeros(0, dtype=np.float32),
    )


def test_starts_at_chance_and_learns_one_batch():
    network = build_networks(TINY, seed=1, tokenizer=TOKENIZER).text_to_semantic
    objective = TextToSemanticObjective(network)
    learner = NetworkLearner(objective, weight_decay=0.0, max_gradient_norm=1.0)
    clips = [clip("a", 4, 10), clip("b", 7, 12)]
    torch.manual_seed(0)
    losses = [
        learner.update(clips, learning_rate=3e-3, generator=torch.Generator())["loss"]
        for _ in range(40)
    ]

    assert abs(losses[0] - math.log(513)) < 1.0
    assert losses[-1] < 0.5 * losses[0]


def test_a_batch_is_padded_and_says_how_far():
    objective = TextToSemanticObjective(
        build_networks(TINY, seed=1, tokenizer=TOKENIZER).text_to_semantic
    )
    batch = objective.collate([clip("a", 4, 10), clip("b", 7, 12)])

    assert batch.phones.shape == (2, 7)
    assert batch.codes.shape == (2, 12)
    assert batch.phone_lengths.tolist() == [4, 7]
    assert batch.code_lengths.tolist() == [10, 12]


def test_features_of_characters_reach_s1_as_the_public_code_feeds_them():
    stored = golden.arrays("s1_small")
    phones = int(stored["tr_phones_len"][0])  # 13; the other row shows a fault of the public code
    spoken = replace(
        clip("a", phones, 1),
        phones=stored["tr_phones"][0].numpy(),
        tokens=stored["tr_semantic"][0].numpy(),
        text_features=CharacterFeatures(
            rows=stored["tr_bert"][0].T.numpy(),
            places=np.array([[at, 1] for at in range(phones)], dtype=np.int32),
        ),
    )
    objective = TextToSemanticObjective(build())
    batch = objective.collate([spoken, clip("b", 7, 12)])
    assert batch.bert is not None
    assert torch.equal(batch.bert[0], stored["tr_bert"][0])
    assert not batch.bert[1].any()
    logits, _ = objective.network(batch)
    assert golden.largest_error(logits[0], stored["tr_logits"][0]) < 5e-5


def test_an_s1_without_text_features_and_clips_without_chinese_are_given_none():
    features = CharacterFeatures(np.ones((1, 4), np.float16), np.array([[0, 2]], np.int32))
    chinese = replace(clip("a", 4, 10), text_features=features)
    without = build_networks(TINY, seed=1, tokenizer=TOKENIZER).text_to_semantic
    assert TextToSemanticObjective(without).collate([chinese]).bert is None
    assert TextToSemanticObjective(build()).collate([clip("a", 4, 10)]).bert is None


def test_the_summed_loss_counts_every_position_and_padding():
    mean, summed = (text_learner(summed_loss=chosen).objective for chosen in (False, True))
    whole = MicroBatch.whole(CLIPS, seed=1)
    ratio = (
        summed.losses(whole, torch.Generator())["loss"]
        / mean.losses(whole, torch.Generator())["loss"]
    )

    real = sum(len(each.tokens) + 1 for each in CLIPS)
    padded = len(CLIPS) * (max(len(each.tokens) for each in CLIPS) + 1)
    assert real < float(ratio.detach()) < 1.5 * padded


def test_a_preference_is_off_unless_it_has_a_weight():
    assert "preference" not in update(text_learner())


def test_a_preference_teaches_to_prefer_true_sequences():
    learner = text_learner(preference_weight=1.0)
    losses = [update(learner, rate=3e-3) for _ in range(25)]

    assert losses[0]["loss"] == pytest.approx(
        losses[0]["entropy"] + losses[0]["preference"], rel=1e-5
    )
    assert losses[-1]["preference"] < 0.5 * losses[0]["preference"]


def test_what_a_clip_is_compared_with_does_not_depend_on_the_clips_beside_it():
    objective = text_learner(preference_weight=1.0).objective
    objective.network.eval()

    def preference(*places):
        micro_batch = MicroBatch(batch=CLIPS, places=places, seed=7)
        return float(objective.losses(micro_batch, torch.Generator())["preference"].detach())

    assert preference(0, 1, 2, 3) == pytest.approx(preference(0, 3) + preference(1, 2), rel=1e-4)


def test_padding_does_not_count_in_a_preference():
    objective = text_learner(preference_weight=1.0).objective
    objective.network.eval()
    batch = objective.collate(CLIPS)
    logits, targets = objective.network(batch)
    first = sequence_log_probability(logits, targets, batch.code_lengths + 1)
    logits = logits.detach().clone()
    logits[0, 9:] = 100 * torch.randn_like(logits[0, 9:])
    second = sequence_log_probability(logits, targets, batch.code_lengths + 1)

    assert float(first[0].detach()) == pytest.approx(float(second[0]), rel=1e-5)


@pytest.mark.parametrize("optimizer", ["adamw", "scaled-adam"])
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_restored_learner_takes_the_same_next_step(optimizer, precision):
    options = {"optimizer": optimizer, "preference_weight": 0.3, "dropout": 0.1}
    first, second = (
        text_learner(Stepper(precision=precision, accumulation=2), **options) for _ in range(2)
    )
    for seed in range(5):  # more than one period of ScaledAdam's sizes
        update(first, seed=seed)
    second.restore(first.state())
    for learner in (first, second):
        update(learner, seed=9)

    wanted, found = first.state(), second.state()
    assert wanted.keys() == found.keys()
    assert all(torch.equal(tensor, found[name]) for name, tensor in wanted.items())


def test_scaled_adam_learns():
    learner = text_learner(optimizer="scaled-adam")
    losses = [update(learner, rate=0.02)["loss"] for _ in range(25)]

    assert losses[-1] < 0.8 * losses[0]
