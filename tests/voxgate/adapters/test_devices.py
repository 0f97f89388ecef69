from __future__ import annotations

import pytest
import torch

from voxgate.adapters.devices import evaluator_device
from voxgate.errors import EvaluatorError


def test_the_processor_is_always_there() -> None:
    assert evaluator_device("cpu") == torch.device("cpu")


def test_a_gpu_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(EvaluatorError, match="VOXGATE_DEVICE is cuda, but torch finds no GPU"):
        evaluator_device("cuda")


def test_a_gpu_is_named_with_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert str(evaluator_device("cuda")) == "cuda:0"
