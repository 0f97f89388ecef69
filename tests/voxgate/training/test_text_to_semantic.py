import math

import numpy as np
import torch

from tests.fakes.tiny_preset import TINY
from tests.fakes.training_set import random_tokenizer
from voxgate.training.clips import TrainingClip
from voxgate.training.learner import NetworkLearner
from voxgate.training.networks import build_networks
from voxgate.training.text_to_semantic import TextToSemanticObjective

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
