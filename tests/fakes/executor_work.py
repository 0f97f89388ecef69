"""Works for the tests of executors: importable by workers, which are other processes."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from voxgate.errors import ConfigError, RecordingError

__all__ = ["Closed", "Counting", "Deadly", "Doubling", "Slow", "Unopenable"]


@dataclass(frozen=True)
class Doubling:
    """Doubles numbers; a negative one is a bad recording, and 666 a fault of the program."""

    @contextmanager
    def open(self) -> Iterator[Callable[[int], int]]:
        yield self.double

    def double(self, item: int) -> int:
        """Return twice the item."""
        if item < 0:
            raise RecordingError("negative", f"{item}: expected a number of at least 0")
        if item == 666:
            raise ZeroDivisionError("a fault of the program")
        return 2 * item


@dataclass(frozen=True)
class Counting:
    """Answers which process works, and leaves a line in `file` each time that it is opened."""

    file: Path

    @contextmanager
    def open(self) -> Iterator[Callable[[object], int]]:
        with self.file.open("a") as stream:
            stream.write(f"{os.getpid()}\n")
        yield lambda _item: os.getpid()


@dataclass(frozen=True)
class Unopenable:
    """Cannot be opened."""

    @contextmanager
    def open(self) -> Iterator[Callable[[int], int]]:
        raise ConfigError("weights", ["absent"])
        yield int


@dataclass(frozen=True)
class Deadly:
    """Kills its process at `item`: the first time only if `once` names a file, else always."""

    item: int
    once: Path | None = None

    @contextmanager
    def open(self) -> Iterator[Callable[[int], int]]:
        yield self.answer

    def answer(self, item: int) -> int:
        """Return the item, or die."""
        if item == self.item and not (self.once and self.once.exists()):
            if self.once:
                self.once.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return item


@dataclass(frozen=True)
class Closed:
    """Says in `file` when it is closed."""

    file: Path

    @contextmanager
    def open(self) -> Iterator[Callable[[int], int]]:
        try:
            yield int
        finally:
            self.file.touch()


@dataclass(frozen=True)
class Slow:
    """Takes its time for each item, and answers with it."""

    seconds: float

    @contextmanager
    def open(self) -> Iterator[Callable[[int], int]]:
        yield self.answer

    def answer(self, item: int) -> int:
        """Wait and return the item."""
        time.sleep(self.seconds)
        return item
