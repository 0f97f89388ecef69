import threading

import pytest
import torch

from voxgate.speaking.threads import torch_threads


@pytest.fixture(autouse=True)
def restored():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def test_the_setting_holds_inside_and_is_restored():
    torch.set_num_threads(1)
    with torch_threads(3):
        assert torch.get_num_threads() == 3
    assert torch.get_num_threads() == 1


def test_none_leaves_the_setting_alone():
    torch.set_num_threads(2)
    with torch_threads(None):
        assert torch.get_num_threads() == 2


def run_beside(threads: int) -> tuple[threading.Thread, threading.Event, list[int]]:
    inside, seen = threading.Event(), []

    def body() -> None:
        with torch_threads(threads):
            seen.append(torch.get_num_threads())
            inside.set()

    thread = threading.Thread(target=body)
    thread.start()
    return thread, inside, seen


def test_requests_of_one_number_run_side_by_side_and_the_last_restores():
    torch.set_num_threads(1)
    with torch_threads(2):
        thread, inside, seen = run_beside(2)
        assert inside.wait(5)
        thread.join(5)
        assert torch.get_num_threads() == 2  # the one that left has not taken it away
    assert seen == [2]
    assert torch.get_num_threads() == 1


def test_a_request_of_another_number_waits():
    with torch_threads(2):
        thread, inside, seen = run_beside(3)
        assert not inside.wait(0.1)
    assert inside.wait(5)
    thread.join(5)
    assert seen == [3]
