"""A folder in memory for the rows and files of one test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.memory import memory_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    with memory_folder() as folder:
        yield folder
