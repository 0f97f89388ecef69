"""What stops a campaign: too many refusals, or other samples from equal inputs."""

from __future__ import annotations

from tests.fakes.campaigns import make_result
from voxgate.campaigns.ports import Deviation
from voxgate.campaigns.quality.calibration import Refusals
from voxgate.campaigns.quality.expected import SentenceKind
from voxgate.campaigns.records import SpokenResult
from voxgate.campaigns.work.alarms import find_alarm

OWN = {kind: Refusals(refused=2, n=40) for kind in SentenceKind}
GOOD = {"kind": "name"}


def results(good: int, *, again: int = 0, bad: int = 0) -> list[SpokenResult]:
    """Return so many results: good ones, some that took another try, some that never passed."""
    return [
        *(make_result(f"good-{n}", quality=GOOD) for n in range(good)),
        *(make_result(f"again-{n}", quality=GOOD, tries=2) for n in range(again)),
        *(make_result(f"bad-{n}", quality=GOOD, tries=4, passed=False) for n in range(bad)),
    ]


def test_good_sentences_stop_nothing() -> None:
    assert find_alarm([], OWN, []) is None
    assert find_alarm(results(200), OWN, []) is None


def test_as_many_refusals_as_the_voice_has_by_itself_stop_nothing() -> None:
    assert find_alarm(results(190, again=7, bad=3), OWN, []) is None


def test_many_refusals_stop_it_also_those_that_another_try_mended() -> None:
    found = find_alarm(results(100, again=50, bad=50), OWN, [])
    assert found is not None
    assert "100 of the last 200" in found
    assert find_alarm(results(100, again=100), OWN, []) is not None


def test_other_samples_from_equal_inputs_stop_it_whatever_else_is_good() -> None:
    deviation = Deviation(key="k" * 64, before="a" * 64, now="b" * 64)
    found = find_alarm(results(200), OWN, [deviation])
    assert found is not None
    for part in ("kkkkkkkkkkkk", "aaaaaaaaaaaa before", "bbbbbbbbbbbb now"):
        assert part in found
