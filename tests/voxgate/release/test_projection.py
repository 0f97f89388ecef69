from __future__ import annotations

from typing import Any

from tests.fakes.releases import FOREVER, START, Story
from voxgate.release.projection import Drift, Projection, Shown, find_drifts, project_book

NOW = START


def _shown(story: Story, **changes: Any) -> Shown:
    wanted = project_book(story.book, now=NOW)
    values = {"aliases": dict(wanted.aliases), "versions": dict(wanted.tags), "head": "1:x"}
    return Shown(**{**values, **changes})


def _drifts(story: Story, shown: Shown, earlier: Projection | None = None) -> list[Drift]:
    wanted = project_book(story.book, now=NOW)
    return find_drifts(wanted, earlier or wanted, shown, story.book)


def _story() -> Story:
    return Story().released(1).released(2).registered(3).judged(3)


def test_aliases_and_tags_say_what_the_ledger_says() -> None:
    projection = project_book(_story().book, now=NOW)
    assert projection.aliases == {"champion": 2, "challenger": 3, "previous": 1}
    assert projection.tags[3]["voxgate.approval"] == "pending"
    assert projection.tags[2]["voxgate.decided_by"] == "anna"
    assert projection.tags[2]["voxgate.release_scope"] == "internal"
    assert _drifts(_story(), _shown(_story())) == []


def test_an_expired_decision_shows_in_the_tag() -> None:
    story = Story().registered(1).judged(1, expires_at=START)
    assert project_book(story.book, now=FOREVER).tags[1]["voxgate.approval"] == "expired"


def test_an_alias_that_lags_behind_was_not_moved_by_hand() -> None:
    earlier = project_book(Story().released(1).book, now=NOW)
    shown = _shown(_story(), aliases={"champion": 1, "challenger": 3, "previous": 1})
    (drift,) = _drifts(_story(), shown, earlier)
    assert (drift.code, drift.by_hand) == ("alias_moved", False)


def test_an_alias_that_somebody_moved_is_named() -> None:
    shown = _shown(_story(), aliases={"champion": 3, "challenger": 3, "previous": 1})
    (drift,) = _drifts(_story(), shown)
    assert (drift.code, drift.expected, drift.found, drift.by_hand) == ("alias_moved", 2, 3, True)
    assert "points to 3, the ledger says 2: somebody changed it by hand" in drift.message


def test_an_alias_that_the_ledger_does_not_have_is_named() -> None:
    shown = _shown(_story(), aliases={**_shown(_story()).aliases, "gold": 1})
    (drift,) = _drifts(_story(), shown)
    assert (drift.code, drift.by_hand) == ("alias_unexpected", True)


def test_a_missing_alias_has_nothing_to_adopt() -> None:
    shown = _shown(_story(), aliases={"challenger": 3, "previous": 1})
    (drift,) = _drifts(_story(), shown)
    assert (drift.code, drift.by_hand) == ("alias_missing", False)


def test_a_wrong_spelling_is_named() -> None:
    shown = _shown(_story(), aliases={**_shown(_story()).aliases, "Champion": 3})
    (drift,) = _drifts(_story(), shown)
    assert (drift.code, drift.subject, drift.by_hand) == ("alias_wrong_case", "Champion", True)


def test_a_deleted_version_is_lost_and_never_silent() -> None:
    full = _shown(_story())
    versions = {number: tags for number, tags in full.versions.items() if number != 2}
    aliases = {"challenger": 3, "previous": 1}
    (drift,) = _drifts(_story(), _shown(_story(), versions=versions, aliases=aliases))
    assert (drift.code, drift.subject, drift.expected) == ("version_lost", "champion", 2)
    assert "version 2 (champion) was deleted from the registry" in drift.message


def test_a_tag_that_differs_is_written_again() -> None:
    full = _shown(_story())
    versions = {**full.versions, 2: {**full.versions[2], "voxgate.verdict": "FAIL"}}
    (drift,) = _drifts(_story(), _shown(_story(), versions=versions))
    assert (drift.code, drift.subject, drift.by_hand) == ("tag_differs", "2:voxgate.verdict", False)
