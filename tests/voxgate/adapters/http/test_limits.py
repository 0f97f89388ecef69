from __future__ import annotations

import pytest

from tests.fakes.http_service import MovedClock
from voxgate.adapters.http.faults import ConcurrencyLimitError, RateLimitError
from voxgate.adapters.http.limits import KeyLimits


@pytest.fixture
def limits(clock: MovedClock) -> KeyLimits:
    return KeyLimits(now_s=clock.now_s)


def test_places_are_given_back_once(limits: KeyLimits) -> None:
    first = limits.enter("a", per_minute=60, concurrency=1)
    with pytest.raises(ConcurrencyLimitError):
        limits.enter("a", per_minute=60, concurrency=1)
    first.leave()
    first.leave()
    limits.enter("a", per_minute=60, concurrency=1)
    with pytest.raises(ConcurrencyLimitError):
        limits.enter("a", per_minute=60, concurrency=1)


def test_keys_do_not_share(limits: KeyLimits) -> None:
    limits.enter("a", per_minute=1, concurrency=1)
    limits.enter("b", per_minute=1, concurrency=1)


def test_the_rate_is_refilled_evenly_and_never_above_a_minute(
    limits: KeyLimits, clock: MovedClock
) -> None:
    for _ in range(3):
        limits.enter("a", per_minute=3, concurrency=9)
    with pytest.raises(RateLimitError) as refused:
        limits.enter("a", per_minute=3, concurrency=9)
    assert refused.value.retry_after_s == pytest.approx(20)
    assert refused.value.yours
    clock.seconds += 20.1
    limits.enter("a", per_minute=3, concurrency=9)
    clock.seconds += 3_600
    for _ in range(3):
        limits.enter("a", per_minute=3, concurrency=9)
    with pytest.raises(RateLimitError):
        limits.enter("a", per_minute=3, concurrency=9)


def test_a_refusal_costs_nothing(limits: KeyLimits, clock: MovedClock) -> None:
    limits.enter("a", per_minute=1, concurrency=9)
    for _ in range(5):
        with pytest.raises(RateLimitError):
            limits.enter("a", per_minute=1, concurrency=9)
    clock.seconds += 60.1
    limits.enter("a", per_minute=1, concurrency=9)


def test_what_is_left_is_told(limits: KeyLimits) -> None:
    slot = limits.enter("a", per_minute=60, concurrency=9)
    assert slot.headers == {"RateLimit-Policy": '"key";q=60;w=60', "RateLimit": '"key";r=59;t=1'}
