import torch

from voxgate.training.fit.determinism import deterministic, seeded, step_seed


def test_random_numbers_of_a_step_do_not_depend_on_what_was_drawn_before():
    with seeded(step_seed(7, "s1", 30)):
        alone = torch.rand(4)
    torch.rand(100)
    with seeded(step_seed(7, "s1", 30)):
        assert torch.equal(torch.rand(4), alone)


def test_steps_models_and_seeds_draw_different_numbers():
    seeds = {
        step_seed(7, "s1", 0),
        step_seed(7, "s1", 1),
        step_seed(7, "s2", 0),
        step_seed(8, "s1", 0),
    }

    assert len(seeds) == 4


def test_the_callers_random_state_is_put_back():
    torch.manual_seed(1)
    expected = torch.rand(2)
    torch.manual_seed(1)
    with seeded(99):
        torch.rand(10)

    assert torch.equal(torch.rand(2), expected)


def test_settings_of_torch_are_put_back():
    before = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    with deterministic(threads=1):
        assert torch.get_num_threads() == 1
        assert torch.are_deterministic_algorithms_enabled()

    assert (torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()) == before


def test_where_some_operation_is_not_deterministic_it_is_a_warning():
    for strict in (True, False):
        with deterministic(threads=1, strict=strict):
            assert torch.is_deterministic_algorithms_warn_only_enabled() is not strict
