from __future__ import annotations

import pytest

from tests.fakes.releases import MODEL, Story, make_origin
from voxgate.errors import ReleaseError
from voxgate.release import candidates
from voxgate.release.book import Book
from voxgate.release.records import Origin
from voxgate.voice.card import REPLAY


@pytest.mark.parametrize("model", [MODEL, "voice-en", "drill", "mydrill-en"])
def test_a_replay_voice_enters_no_ledger_that_people_hear(model: str) -> None:
    with pytest.raises(ReleaseError, match=f"kind 'replay' cannot enter the ledger of '{model}'"):
        candidates.register(Book(model=model), make_origin(voice_kind=REPLAY))


def test_a_drill_ledger_takes_both_kinds() -> None:
    book = Book(model="drill-en")
    for kind in (REPLAY, "trained"):
        draft = candidates.register(book, make_origin(voice_kind=kind))
        assert draft is not None
        assert draft.facts["voice_kind"] == kind


def test_an_unknown_kind_is_treated_like_a_replay() -> None:
    with pytest.raises(ReleaseError, match="kind 'toy' cannot enter"):
        candidates.register(Book(model="voice-en"), make_origin(voice_kind="toy"))


def test_an_event_of_before_kinds_is_of_a_trained_voice() -> None:
    facts = make_origin().as_facts()
    del facts["voice_kind"]
    assert Origin.from_facts(facts) == make_origin()
    assert Story().registered(1).book.require(1).origin.voice_kind == "trained"
