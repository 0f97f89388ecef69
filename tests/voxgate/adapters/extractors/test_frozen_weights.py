from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from tests.fakes.tiny_public import write_speaker_network
from voxgate.adapters.extractors.frozen_weights import load_frozen, read_frozen
from voxgate.errors import WeightsError


def test_the_one_published_file_is_read_as_float32(tmp_path: Path) -> None:
    network = write_speaker_network(tmp_path)
    tensors = read_frozen(tmp_path, "eres2netv2")
    assert tensors.keys() == network.state_dict().keys()
    assert tensors["seg_1.weight"].dtype == torch.float32
    assert tensors["bn1.num_batches_tracked"].dtype == torch.int64


def test_safetensors_go_before_other_files(tmp_path: Path) -> None:
    write_speaker_network(tmp_path)
    save_file({"a": torch.ones(2)}, tmp_path / "model.safetensors")
    assert list(read_frozen(tmp_path, "eres2netv2")) == ["a"]


def test_two_candidates_are_named_instead_of_guessed(tmp_path: Path) -> None:
    for name in ("a.ckpt", "b.bin"):
        (tmp_path / name).touch()
    with pytest.raises(WeightsError, match=r"or one file of .*; found a\.ckpt, b\.bin"):
        read_frozen(tmp_path, "eres2netv2")


def test_a_loaded_network_is_frozen_and_exact(tmp_path: Path) -> None:
    tensors = {"weight": torch.ones(1, 2), "bias": torch.zeros(1)}
    network = load_frozen(lambda: nn.Linear(2, 1), tensors, tmp_path)
    assert not network.training
    assert not any(parameter.requires_grad for parameter in network.parameters())
    assert network.weight.tolist() == [[1, 1]]

    wrong = {"weight": torch.ones(1, 3), "bias": torch.zeros(1), "x": torch.zeros(1)}
    with pytest.raises(
        WeightsError, match=r"2 tensors differ: weight: expected \(1, 2\), got \(1, 3\); x: exp"
    ):
        load_frozen(lambda: nn.Linear(2, 1), wrong, tmp_path)
