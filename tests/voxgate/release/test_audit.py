from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.releases import MODEL, START, Story, make_decision, make_origin
from voxgate.files import canonical_json
from voxgate.release.audit import describe_live, live_at, verify
from voxgate.release.book import Book
from voxgate.release.events import Draft, Kind, Row, parse_row, seal
from voxgate.release.votes import votes_digest

ROWS = tuple(Story().released(1).released(2).rolled_back().rows)


def _resealed(rows: list[Row], number: int, **changes: str) -> list[Row]:
    """Forge row `number` and seal it and every later one anew, as a database owner could."""
    rows[number] = Row(**{**vars(rows[number]), **changes})
    for n in range(number, len(rows)):
        previous = rows[n - 1].digest if n else rows[n].previous
        linked = replace(rows[n], previous=previous)
        rows[n] = replace(linked, digest=linked.expected_digest())
    return rows


def _swap(rows: list[Row]) -> list[Row]:
    rows[2], rows[3] = replace(rows[3], sequence=3), replace(rows[2], sequence=4)
    return rows


def _reseal_one(rows: list[Row]) -> list[Row]:
    """Forge row 3 and seal it alone: the next one still names the digest that it had."""
    forged = replace(rows[2], reason="other")
    rows[2] = replace(forged, digest=forged.expected_digest())
    return rows


def test_a_ledger_as_it_was_written_has_no_findings() -> None:
    last = ROWS[-1]
    assert verify(ROWS, heads=[f"{last.sequence}:{last.digest}", f"1:{ROWS[0].digest}"]) == []
    assert verify(()) == []


@pytest.mark.parametrize(
    ("forge", "code", "sequence"),
    [
        (lambda rows: [replace(rows[0], reason="other"), *rows[1:]], "altered", 1),
        (lambda rows: [*rows[:2], *rows[3:]], "missing", 4),
        (lambda rows: rows[1:], "missing", 2),
        (_swap, "altered", 3),
        (_reseal_one, "broken_link", 4),
    ],
)
def test_an_altered_removed_or_moved_row_is_found(
    forge: Callable[[list[Row]], list[Row]], code: str, sequence: int
) -> None:
    findings = verify(forge(list(ROWS)))
    assert (code, sequence) in {(finding.code, finding.sequence) for finding in findings}


def test_a_cut_tail_shows_against_a_remembered_head_only() -> None:
    head = f"{ROWS[-1].sequence}:{ROWS[-1].digest}"
    assert verify(ROWS[:-2]) == []
    (finding,) = verify(ROWS[:-2], heads=[head])
    assert finding.code == "truncated"
    assert "the chain ends at 7" in finding.message


def test_a_chain_that_was_rewritten_shows_against_a_remembered_head() -> None:
    forged = _resealed(list(ROWS), 2, reason="nothing to see here")
    assert verify(forged) == []
    (finding,) = verify(forged, heads=[f"5:{ROWS[4].digest}"])
    assert (finding.code, finding.sequence) == ("rewritten", 5)


def test_a_well_sealed_row_that_no_rule_allows_is_found() -> None:
    story = Story().registered(1).judged(1)
    facts = {"replaced": None, "scope": "internal", "evidence_digest": "x"}
    forged = Draft(
        kind=Kind.PROMOTED, model=MODEL, version=1, actor="mallory", reason="x", facts=facts
    )
    rows = [*story.rows, seal(forged, after=story.rows[-1], now=story.now)]
    (finding,) = verify(rows)
    assert finding.code == "impossible"
    assert "version 1 cannot go from pending to live" in finding.message


def test_a_version_cannot_be_entered_twice_to_forget_its_quarantine() -> None:
    story = Story().released(1).quarantined(1)
    facts = {**make_origin(1).as_facts(), "candidate_digest": "7" * 64}
    forged = Draft(
        kind=Kind.REGISTERED, model=MODEL, version=1, actor="mallory", reason="x", facts=facts
    )
    (finding,) = verify([*story.rows, seal(forged, after=story.rows[-1], now=story.now)])
    assert "version 1 was registered before" in finding.message


def test_an_approval_by_the_one_who_trained_is_found() -> None:
    rows = list(Story().registered(1).judged(1).approved(1).rows)
    (finding,) = verify(_resealed(rows, 2, actor="CRON"))
    assert finding.code == "own_approval"


def test_an_approval_that_names_other_votes_than_stood_is_found() -> None:
    story = Story().released(1).registered(2).judged(2).voted(preferred=2).approved(2)
    assert verify(story.rows) == []
    facts = json.loads(story.rows[-1].facts)
    assert facts["votes"]["digest"] == votes_digest(story.book.require(2).votes, 1)
    facts["votes"]["digest"] = "9" * 64
    (finding,) = verify(_resealed(story.rows, len(story.rows) - 1, facts=canonical_json(facts)))
    assert (finding.code, finding.sequence) == ("other_votes", len(story.rows))


def test_an_approval_from_before_there_were_votes_is_read() -> None:
    rows = Story().registered(1).judged(1).approved(1).rows
    facts = json.loads(rows[-1].facts)
    assert facts.pop("votes") is None
    book = Book.of(MODEL, map(parse_row, _resealed(rows, 2, facts=canonical_json(facts))))
    approval = book.require(1).approval
    assert approval is not None
    assert approval.votes is None


def test_the_answer_leaves_single_votes_to_the_log() -> None:
    story = Story().released(1).registered(2).judged(2).voted(preferred=2).approved(2).promoted(2)
    answer = describe_live(*live_at(story.rows, MODEL, story.now))
    assert answer is not None
    assert [event["kind"] for event in answer["events"]] == [
        "registered", "judged", "approved", "promoted",
    ]  # fmt: skip
    assert answer["approval"]["votes"]["better"] == 1


def test_what_was_live_at_each_moment() -> None:
    story = Story().released(1).released(2).rolled_back()
    for seconds, live in ((3, None), (4, 1), (7, 1), (8, 2), (9, 1), (999, 1)):
        book, _ = live_at(story.rows, MODEL, START + timedelta(seconds=seconds))
        assert book.live == live, seconds


def test_the_answer_names_digests_people_and_events() -> None:
    book, events = live_at(ROWS, MODEL, START + timedelta(seconds=8))
    answer = describe_live(book, events)
    assert answer is not None
    assert answer["version"] == 2
    assert set(answer["digests"]) == {
        "model", "data", "clips", "lexicon", "benchmark", "protocol", "evaluators", "evidence",
        "verdict",
    }  # fmt: skip
    assert answer["digests"]["evidence"] == make_decision(2).evidence_digest
    assert all(answer["digests"].values())
    assert (answer["trained_by"], answer["approval"]["by"]) == ("cron", "anna")
    assert answer["compared_with"] == {"champion": 1, "gold": None}
    assert [event["kind"] for event in answer["events"]] == [
        "registered", "judged", "approved", "promoted",
    ]  # fmt: skip


def test_events_of_a_wrong_clock_count_from_its_correction() -> None:
    story = Story()
    story.now = START + timedelta(days=900)
    story.released(1)
    story.now = START
    story.tell(
        Draft(kind=Kind.CLOCK_CORRECTED, model=MODEL, version=None, actor="a", reason="r", facts={})
    )
    assert live_at(story.rows, MODEL, START - timedelta(seconds=5))[0].live is None
    assert live_at(story.rows, MODEL, START + timedelta(seconds=1))[0].live == 1
