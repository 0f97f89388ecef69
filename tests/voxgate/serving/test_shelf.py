from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.enrolled import Enrolled
from voxgate.errors import LedgerError, UnknownProfileError
from voxgate.serving.shelf import ProfileShelf
from voxgate.speakers.profiles import State


class Scene:
    def __init__(self) -> None:
        self.register, self.now_s = Enrolled(), 0.0
        self.withdrawn: list[str] = []
        self.shelf = ProfileShelf(
            self.register,
            Path("speakers"),
            max_stale_s=60.0,
            withdrawn=lambda profile: self.withdrawn.append(profile.label),
            clock=lambda: self.now_s,
        )


@pytest.fixture
def scene() -> Scene:
    made = Scene()
    made.register.enrol("anna")
    made.register.enrol("ben", activate=False)
    made.shelf.read()
    return made


def test_a_profile_is_found_by_its_name_or_by_its_version(scene: Scene) -> None:
    assert scene.shelf.require("anna").label == scene.shelf.require("anna@1").label == "anna@1"
    place = scene.shelf.reference(scene.shelf.require("anna"))
    assert (place.folder, place.sha256, place.text) == (Path("speakers"), "a" * 64, "A tone.")


@pytest.mark.parametrize("label", ["carl", "anna@2", "anna@", "anna@one", "anna@¹", "anna@-1"])
def test_a_profile_that_is_not_there_is_named(scene: Scene, label: str) -> None:
    with pytest.raises(UnknownProfileError):
        scene.shelf.require(label)


def test_only_what_may_be_spoken_with_is_listed(scene: Scene) -> None:
    assert [profile.label for profile in scene.shelf.usable()] == ["anna@1"]


def test_the_register_is_read_again_only_where_it_has_changed(scene: Scene) -> None:
    before = scene.register.reads
    scene.shelf.read()
    assert scene.register.reads == before
    scene.register.suspend("anna")
    before = scene.register.reads
    scene.shelf.read()
    assert scene.register.reads == before + 1
    assert scene.shelf.require("anna").state is State.SUSPENDED
    assert scene.withdrawn == []


def test_who_is_revoked_is_told_of_once(scene: Scene) -> None:
    scene.register.revoke("anna")
    scene.shelf.read()
    scene.register.enrol("carl")
    scene.shelf.read()
    assert scene.withdrawn == ["anna@1"]


def test_who_was_revoked_while_nobody_served_is_told_of_at_the_start() -> None:
    scene = Scene()
    scene.register.enrol("anna")
    scene.register.revoke("anna")
    scene.shelf.read()
    assert scene.withdrawn == ["anna@1"]


def test_what_was_read_too_long_ago_is_used_no_more(scene: Scene) -> None:
    scene.register.away = True
    scene.now_s = 59.0
    scene.shelf.read()
    assert scene.shelf.require("anna").label == "anna@1"
    assert "does not answer" in scene.shelf.problems()[0]
    scene.now_s = 61.0
    with pytest.raises(LedgerError, match="61 s ago"):
        scene.shelf.require("anna")
    scene.register.away = False
    scene.shelf.read()
    assert scene.shelf.require("anna").label == "anna@1"
    assert scene.shelf.problems() == ()


def test_nobody_is_known_before_the_register_was_read() -> None:
    with pytest.raises(LedgerError, match="not been read yet"):
        Scene().shelf.require("anna")
