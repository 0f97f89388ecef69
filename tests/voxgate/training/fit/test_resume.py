import logging

import pytest
import torch

from voxgate.errors import TrainingError
from voxgate.training.fit.resume import ResumePoint, ResumeStore


def point(step: int) -> ResumePoint:
    state = {
        "network.w": torch.full((3,), float(step)),
        "optimizer.0.step": torch.tensor(1.0 * step),
    }
    return ResumePoint(step=step, state=state, journal={"rows": [], "window": [{"loss": 0.1}]})


@pytest.fixture
def store(tmp_path):
    return ResumeStore(tmp_path / "s1")


def test_nothing_saved_means_start_from_the_beginning(store):
    assert store.latest() is None


def test_the_newest_point_comes_back_as_it_was_saved(store):
    for step in (10, 20, 30):
        store.save_point(point(step))

    found = store.latest()
    assert found is not None
    assert found.step == 30
    assert torch.equal(found.state["network.w"], torch.full((3,), 30.0))
    assert found.journal == {"rows": [], "window": [{"loss": 0.1}]}


def test_only_two_points_are_kept(store):
    for step in (10, 20, 30):
        store.save_point(point(step))

    assert sorted(p.name for p in (store.folder / "points").iterdir()) == ["000020", "000030"]


@pytest.mark.parametrize("name", ["state.safetensors", "point.json"])
@pytest.mark.parametrize("damage", ["truncated", "altered", "missing"])
def test_a_damaged_point_is_passed_over_for_the_one_before(store, name, damage, caplog):
    store.save_point(point(10))
    store.save_point(point(20))
    path = store.folder / "points" / "000020" / name
    data = path.read_bytes()
    if damage == "truncated":
        path.write_bytes(data[: len(data) // 2])
    elif damage == "altered":
        path.write_bytes(data[:-8] + bytes([data[-8] ^ 1]) + data[-7:])
    else:
        path.unlink()

    with caplog.at_level(logging.WARNING):
        found = store.latest()

    assert found is not None
    assert found.step == 10
    assert "000020" in caplog.text


def test_a_point_whose_snapshot_is_damaged_does_not_count(store):
    store.save_snapshot(5, {"w": torch.ones(2)})
    store.save_point(point(10))
    (store.folder / "snapshots" / "000005.safetensors").write_bytes(b"")

    assert store.latest() is None


def test_a_half_written_point_of_a_killed_run_is_ignored(store):
    store.save_point(point(10))
    (store.folder / "points" / ".000020.x7.tmp").mkdir()

    found = store.latest()
    assert found is not None
    assert found.step == 10


def test_a_snapshot_that_was_not_kept_is_an_error_that_says_what_to_do(store):
    with pytest.raises(TrainingError, match=r"step 40 cannot be read .* delete \.voxgate/work"):
        store.read_snapshot(40)
