"""Two checkouts that share a ledger database and an MLflow store: a voice each."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tasks.release.approve import approve
from tasks.release.audit import verify_ledger, what_was_live
from tasks.release.promote import roll_back
from tests.fakes.memory import memory_folder
from tests.fakes.release_site import ReleaseSite
from voxgate.clock import utc_now
from voxgate.errors import LockHeldError


@pytest.fixture
def anna_and_bob(
    mlflow_uri: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[ReleaseSite, ReleaseSite]]:
    """Yield two checkouts that share everything that a team shares."""
    with memory_folder() as folder:
        monkeypatch.setenv("VOXGATE_LEDGER_URL", f"sqlite:///{folder}/ledger.db")
        monkeypatch.setenv("VOXGATE_MLFLOW_TRACKING_URI", mlflow_uri)
        team = uuid4().hex[:8]  # the store is shared by all tests
        yield (
            ReleaseSite.create(folder / "anna", mlflow_uri, model_name=f"anna-{team}"),
            ReleaseSite.create(folder / "bob", mlflow_uri, model_name=f"bob-{team}"),
        )


def _release(site: ReleaseSite, number: int) -> int:
    version = site.offer(number)
    approve(site.desk, version, by="jane", reason="a test")
    return version


def test_a_release_of_one_voice_leaves_the_other_as_it_is(
    anna_and_bob: tuple[ReleaseSite, ReleaseSite],
) -> None:
    anna, bob = anna_and_bob
    first = [_release(site, 1) for site in (anna, bob)]
    assert first == [1, 1]  # each voice counts its own versions
    before = bob.aliases()
    second = _release(anna, 2)
    assert anna.aliases() == {"champion": second, "previous": 1}
    assert bob.aliases() == before == {"champion": 1}
    assert bob.desk.ledger.read(bob.desk.model).live == 1
    roll_back(anna.desk, to=None, by="jane", reason="it hums")
    assert (anna.aliases()["champion"], bob.aliases()["champion"]) == (1, 1)
    assert _release(bob, 2) == 2  # between the events of the other
    assert (anna.aliases()["champion"], bob.aliases()["champion"]) == (1, 2)
    _whole(anna_and_bob)


def _whole(sites: tuple[ReleaseSite, ...]) -> None:
    """Each checkout verifies the one chain against the head that it saw last, and its registry."""
    for site in sites:
        found = verify_ledger(site.root, None)
        assert found["findings"] == []
        assert found["compared_with"] == ["this checkout's head", "the registry's head"]
        live = what_was_live(site.root, utc_now().isoformat())
        assert live["model"] == site.desk.model
        assert site.desk.connect().examine(site.desk.ledger, site.desk.model, now=utc_now()) == ()


def test_people_are_told_of_the_voice_whose_checkout_tells(
    anna_and_bob: tuple[ReleaseSite, ReleaseSite],
) -> None:
    anna, bob = anna_and_bob
    _release(anna, 1)
    bob.offer(1)
    subjects = {site.desk.model: [n.subject for n in site.desk.notices()] for site in anna_and_bob}
    assert subjects == {
        anna.desk.model: [f"{anna.desk.model}: version 1 is live"],
        bob.desk.model: [f"{bob.desk.model}: version 1 waits for a decision (PASS)"],
    }


def test_a_monitor_of_one_voice_holds_up_no_other_and_a_training_does(
    anna_and_bob: tuple[ReleaseSite, ReleaseSite],
) -> None:
    anna, bob = (site.desk for site in anna_and_bob)
    with (
        anna.leases.hold(f"monitor:{anna.model}", purpose="monitor"),
        bob.leases.hold(f"monitor:{bob.model}", purpose="monitor"),
        anna.leases.hold("training:anna:cuda:0", purpose="retrain"),
        pytest.raises(LockHeldError),
        bob.leases.hold("training:anna:cuda:0", purpose="retrain"),
    ):
        pass
