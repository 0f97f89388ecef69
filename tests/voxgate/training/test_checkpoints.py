from voxgate.training.checkpoints import checkpoint_name, checkpoint_steps
from voxgate.voice.card import TrainedSteps


def test_checkpoints_are_evenly_spaced_and_end_with_the_budget():
    assert checkpoint_steps(600, 3) == (200, 400, 600)
    assert checkpoint_steps(10, 3) == (3, 7, 10)
    assert checkpoint_steps(5, 1) == (5,)


def test_a_budget_smaller_than_the_number_gives_fewer():
    assert checkpoint_steps(2, 3) == (1, 2)


def test_names_sort_by_step():
    names = [checkpoint_name(TrainedSteps(s1=1, s2=step)) for step in (90, 1200, 300)]

    assert sorted(names) == ["step-000090", "step-000300", "step-001200"]
