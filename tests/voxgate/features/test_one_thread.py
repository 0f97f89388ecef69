from __future__ import annotations

import pytest
import torch

from voxgate.features.one_thread import one_thread


def test_it_computes_with_one_thread_and_gives_back_what_was_set() -> None:
    torch.set_num_threads(3)
    with one_thread():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == 3
    with pytest.raises(ValueError, match="in the body"), one_thread():
        raise ValueError("in the body")
    assert torch.get_num_threads() == 3
