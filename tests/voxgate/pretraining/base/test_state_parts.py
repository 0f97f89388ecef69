from pathlib import Path

import pytest
import torch

from voxgate.pretraining.base import state_parts
from voxgate.pretraining.base.state_parts import read_state, write_state


def test_a_state_comes_back_from_its_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_parts, "PART_BYTES", 1000)
    state = {"a": torch.randn(500), "step": torch.tensor(7)}
    write_state(tmp_path, {"a": torch.zeros(900)})
    write_state(tmp_path, state)
    parts = list(tmp_path.glob("state-*.bin"))
    assert len(parts) > 1
    assert max(part.stat().st_size for part in parts) <= 1000
    found = read_state(tmp_path)
    assert found is not None
    assert torch.equal(found["a"], state["a"])
    assert int(found["step"]) == 7


def test_nothing_written_is_no_state(tmp_path: Path) -> None:
    assert read_state(tmp_path) is None


def test_a_missing_or_foreign_part_is_refused(tmp_path: Path) -> None:
    write_state(tmp_path, {"a": torch.randn(5)})
    (part,) = tmp_path.glob("state-*.bin")
    data = part.read_bytes()
    part.write_bytes(data[:-1] + b"x")
    with pytest.raises(ValueError, match="the parts are not those of state"):
        read_state(tmp_path)
    part.unlink()
    with pytest.raises(ValueError, match=r"state-.*bin missing; bring all parts"):
        read_state(tmp_path)
