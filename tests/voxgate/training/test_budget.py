from pathlib import Path

from voxgate.params import load_params
from voxgate.training.budget import within_budget

TRAIN = load_params(Path(__file__).resolve().parents[3] / "params.yaml").train


def test_the_whole_budget_changes_nothing() -> None:
    assert within_budget(TRAIN, 1.0) is TRAIN


def test_a_share_is_the_same_training_in_small() -> None:
    half = within_budget(TRAIN, 0.5)
    assert (half.text_to_semantic.steps, half.synthesizer.steps) == (60, 110)
    assert half.synthesizer.warmup_steps == 15
    assert half.synthesizer.validate_every == 55
    assert half.synthesizer.learning_rate == TRAIN.synthesizer.learning_rate
    assert half.checkpoints == TRAIN.checkpoints


def test_a_share_of_nearly_nothing_is_a_step() -> None:
    least = within_budget(TRAIN, 1e-6)
    assert (least.synthesizer.steps, least.synthesizer.validate_every) == (1, 1)
