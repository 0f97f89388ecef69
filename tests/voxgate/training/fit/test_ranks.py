import pytest
import torch
from torch import nn

from voxgate.errors import RankLostError, TrainingError
from voxgate.training.fit.ranks import ALONE, Ranks, join_ranks, training_device


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    for name in ("WORLD_SIZE", "RANK", "MASTER_ADDR", "MASTER_PORT"):
        monkeypatch.delenv(name, raising=False)


def test_without_torchrun_there_is_one_process_that_writes():
    with join_ranks("cpu", processes=1) as ranks:
        assert ranks == ALONE
    assert ranks.first
    assert not Ranks(1, 2).first


def test_one_process_sums_nothing():
    parameter = nn.Parameter(torch.ones(2))
    ALONE.sum_gradients([parameter])
    ALONE.wait()

    assert parameter.grad is None
    assert ALONE.sum(torch.tensor([3.0])).tolist() == [3.0]


def test_an_incomplete_environment_is_explained(monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "2")

    with (
        pytest.raises(TrainingError, match=r"the 2 processes that WORLD_SIZE names .*torchrun"),
        join_ranks("cpu", processes=2),
    ):
        pass


@pytest.mark.parametrize(("started", "asked"), [("2", 1), ("2", 4), (None, 2)])
def test_another_number_of_processes_than_the_parameters_name_is_an_error(
    monkeypatch, started, asked
):
    if started:
        monkeypatch.setenv("WORLD_SIZE", started)

    with (
        pytest.raises(
            TrainingError, match=rf"train\.processes .* is {asked}, but {started or 1} were started"
        ),
        join_ranks("cpu", processes=asked),
    ):
        pass


def test_an_exchange_that_fails_says_which_rank_noticed(monkeypatch):
    def gone(_tensor):
        raise RuntimeError("Connection closed by peer")

    monkeypatch.setattr(torch.distributed, "all_reduce", gone)

    with pytest.raises(RankLostError, match=r"rank 0 of 2: another process .*closed by peer"):
        Ranks(0, 2).sum(torch.ones(1))


def test_a_gpu_that_is_not_there_is_an_error(monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    monkeypatch.setenv("LOCAL_RANK", "1")

    assert training_device("cpu") == torch.device("cpu")
    with pytest.raises(TrainingError, match="needs GPU 1, but torch finds 1"):
        training_device("cuda")
