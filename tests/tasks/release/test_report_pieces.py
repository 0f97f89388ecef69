"""A piece is had, or is said; a fault of ours is neither."""

from __future__ import annotations

import pytest

from tasks.release.report_pieces import Pieces
from voxgate.errors import EvidenceMissingError


def test_what_cannot_be_had_is_said_with_its_reason() -> None:
    pieces = Pieces()

    def fail() -> int:
        raise EvidenceMissingError("it was not kept")

    assert pieces.get("a number", lambda: 3) == 3
    assert pieces.get("the clip", fail) is None
    assert pieces.missing == ["the clip: it was not kept"]


def test_a_fault_of_the_program_travels() -> None:
    with pytest.raises(KeyError):
        Pieces().get("a key", lambda: {}["absent"])
