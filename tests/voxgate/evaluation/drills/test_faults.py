from __future__ import annotations

import pytest

from tests.fakes.voice import ToneVoice
from voxgate.evaluation.drills.faults import Fault


def fault(expected: str = "", any_of: str = "") -> Fault:
    return Fault(
        name="hum",
        what="a hum",
        build=lambda _sources: ToneVoice(),
        expected=frozenset(expected.split()),
        any_of=frozenset(any_of.split()),
    )


def test_all_expected_reasons_and_one_of_the_others_name_a_fault() -> None:
    both = fault("a b", "c d")
    assert both.is_named_by(frozenset("abc"))
    assert both.is_named_by(frozenset("abdx"))
    assert not both.is_named_by(frozenset("acd"))
    assert not both.is_named_by(frozenset("ab"))
    assert fault("a").is_named_by(frozenset("ax"))
    assert not fault(any_of="c d").is_named_by(frozenset("ab"))


def test_a_fault_without_a_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="'hum' names no reason that the gate must give"):
        fault()
