from __future__ import annotations

import pytest

from voxgate.errors import ConfigError
from voxgate.files import digest_bytes
from voxgate.serving.releases.routing import Challenger, Routing, RoutingRules, route
from voxgate.serving.requests import Lane

REQUESTS = [digest_bytes(b"%d" % number) for number in range(8_000)]
APPROVED = Challenger(version=8, hearable=True)
OFFERED = Challenger(version=8, hearable=False)
BOTH = RoutingRules(canary_per_mille=50, shadow_per_mille=200)


def _heard(challenger: Challenger, per_mille: int) -> set[str]:
    rules = RoutingRules(canary_per_mille=per_mille)
    return {r for r in REQUESTS if route(r, 7, challenger, rules).version == challenger.version}


def _shadowed(per_mille: int, challenger: Challenger = OFFERED) -> set[str]:
    rules = RoutingRules(shadow_per_mille=per_mille)
    return {r for r in REQUESTS if route(r, 7, challenger, rules).shadow == challenger.version}


@pytest.mark.parametrize("per_mille", [10, 30, 50])
def test_the_canary_hears_its_share(per_mille: int) -> None:
    expected = len(REQUESTS) * per_mille / 1000
    # Four standard deviations of a fair draw; the draw is a hash, so this never flickers.
    assert abs(len(_heard(APPROVED, per_mille)) - expected) < 4 * expected**0.5


@pytest.mark.parametrize("per_mille", [10, 200, 500])
def test_the_shadow_speaks_its_share(per_mille: int) -> None:
    expected = len(REQUESTS) * per_mille / 1000
    assert abs(len(_shadowed(per_mille)) - expected) < 4 * expected**0.5


def test_nothing_and_everything_are_exact() -> None:
    assert _heard(APPROVED, 0) == set()
    assert _shadowed(0) == set()
    assert _shadowed(1000) == set(REQUESTS)


def test_a_decision_is_stable_and_known() -> None:
    decisions = [route(r, 7, APPROVED, BOTH) for r in REQUESTS[:100]]
    assert decisions == [route(r, 7, APPROVED, BOTH) for r in REQUESTS[:100]]
    # Another machine, another year: these stay as they are.
    assert [n for n, d in enumerate(decisions) if d.share == "canary"] == [8, 15, 22, 49, 59]


def test_a_share_that_grows_keeps_those_that_were_in_it() -> None:
    assert _heard(APPROVED, 10) < _heard(APPROVED, 20) < _heard(APPROVED, 50)
    assert _shadowed(10) < _shadowed(100)


def test_another_challenger_meets_other_callers_and_so_does_the_shadow() -> None:
    first = _heard(APPROVED, 50)
    second = _heard(Challenger(version=9, hearable=True), 50)
    assert len(first & second) < len(first) / 4
    assert len(first & _shadowed(50)) < len(first) / 4


def test_a_version_that_is_not_approved_is_never_heard() -> None:
    assert _heard(OFFERED, 50) == set()
    assert _shadowed(200, OFFERED) == _shadowed(200, APPROVED)


def test_neither_pinned_versions_nor_batches_are_part_of_a_trial() -> None:
    for request in REQUESTS[:2000]:
        pinned = route(request, 7, APPROVED, BOTH, pinned=3)
        assert pinned == Routing(version=3, share="pinned")
        batch = route(request, 7, APPROVED, BOTH, lane=Lane.BATCH)
        assert batch == Routing(version=7, share="live")


def test_what_the_canary_answers_is_not_shadowed() -> None:
    routings = [route(r, 7, APPROVED, BOTH) for r in REQUESTS]
    assert {r.shadow for r in routings if r.share == "canary"} == {None}
    assert any(r.shadow == 8 for r in routings)


def test_without_a_challenger_the_live_version_answers() -> None:
    itself = Challenger(version=7, hearable=True)
    for challenger in (None, itself):
        for request in REQUESTS[:500]:
            assert route(request, 7, challenger, BOTH) == Routing(version=7, share="live")


def test_shares_out_of_range_are_all_named() -> None:
    with pytest.raises(ConfigError, match="routing: 2 faults") as caught:
        RoutingRules(canary_per_mille=51, shadow_per_mille=-1)
    assert "canary_per_mille: expected 0 to 50, got 51" in caught.value.faults
