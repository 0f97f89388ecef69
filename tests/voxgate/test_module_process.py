from __future__ import annotations

import pytest

from voxgate.errors import (
    ConfigError,
    OverloadedError,
    StorageError,
    TemplateError,
    UnknownCampaignError,
    VoxgateError,
)
from voxgate.module_process import PipedModule, start_module, tell_error, told_error


def test_a_module_has_one_thread_and_finds_what_this_process_finds() -> None:
    process = start_module("tests.fakes.environment_child", stdout=-1)
    said, _ = process.communicate(timeout=60)
    assert said.decode().split() == ["1", "PASSIVE", "voxgate"]


def test_its_environment_may_be_added_to() -> None:
    process = start_module(
        "tests.fakes.environment_child", environment={"OMP_NUM_THREADS": "7"}, stdout=-1
    )
    said, _ = process.communicate(timeout=60)
    assert said.decode().split()[0] == "7"


def test_a_piped_module_is_ended_and_says_how_it_went_each_time() -> None:
    process = PipedModule("tests.fakes.echo_child")
    process.pipe.send("hello")
    assert process.pipe.poll(60)
    assert process.pipe.recv() == "hello"
    assert process.end() == process.end()
    process.pipe.close()


@pytest.mark.parametrize(
    "error",
    [
        StorageError("the disk is full"),
        UnknownCampaignError("there is none"),
        ConfigError("params.yaml", ["a", "b"]),
        TemplateError("reminder", ["unknown slot"]),
    ],
)
def test_an_error_comes_out_of_a_process_as_it_was(error: VoxgateError) -> None:
    again = told_error(tell_error(error))
    assert (type(again), str(again)) == (type(error), str(error))


def test_one_that_cannot_be_made_again_keeps_its_name_and_words() -> None:
    again = told_error(tell_error(OverloadedError("the queue is full", retry_after_s=1.0)))
    assert "OverloadedError: the queue is full" in str(again)
    assert str(told_error({"error": "Exception", "message": "x"})) == "Exception: x"
