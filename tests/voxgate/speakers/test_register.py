"""A fold of events; one that no rule allows is not believed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.fakes.speaker_profiles import NOW, make_inputs, make_score
from voxgate.errors import LedgerTamperedError
from voxgate.speakers.events import Draft, Kind, Row, seal
from voxgate.speakers.profiles import State
from voxgate.speakers.register import Register


def chain(*events: tuple[Kind, Mapping[str, Any]], version: int = 1) -> list[Row]:
    rows: list[Row] = []
    for kind, facts in events:
        draft = Draft(
            kind=kind, profile="anna", version=version, actor="bob", reason="why", facts=facts
        )
        rows.append(seal(draft, after=rows[-1] if rows else None, now=NOW))
    return rows


ENROLLED = (
    Kind.ENROLLED,
    {"inputs": make_inputs().as_json(), "duration_s": 5.0, "checks": {"snr": 40.0}},
)


def test_what_stands_is_a_fold_of_the_rows() -> None:
    rows = chain(ENROLLED, (Kind.SCORED, {"score": make_score().as_json()}), (Kind.ACTIVATED, {}))
    register = Register.of_rows(rows)
    profile = register.require("anna", 1)
    assert (profile.state, profile.label) == (State.USABLE, "anna@1")
    assert profile.scores == (make_score(),)
    assert register.head == f"3:{rows[-1].digest}"
    assert Register.of_rows([]).head is None


def test_a_row_that_is_missing_or_moved_stops_everything() -> None:
    rows = chain(ENROLLED, (Kind.ACTIVATED, {}), (Kind.REVOKED, {}))
    for broken in (rows[1:], [rows[0], rows[2]], [rows[1], rows[0], rows[2]]):
        with pytest.raises(LedgerTamperedError, match="No profile is used"):
            Register.of_rows(broken)


def test_a_tail_that_was_cut_off_shows_against_a_remembered_head() -> None:
    rows = chain(ENROLLED, (Kind.ACTIVATED, {}), (Kind.REVOKED, {}))
    head = Register.of_rows(rows).head
    assert head is not None
    with pytest.raises(LedgerTamperedError, match="the chain ends at 2"):
        Register.of_rows(rows[:2], [head])


@pytest.mark.parametrize(
    "rows",
    [
        chain((Kind.ACTIVATED, {})),
        chain(ENROLLED, (Kind.RESUMED, {})),
        chain(ENROLLED, (Kind.SUSPENDED, {})),
        chain(ENROLLED, (Kind.ACTIVATED, {}), (Kind.ACTIVATED, {})),
        chain(ENROLLED, (Kind.REVOKED, {}), (Kind.ACTIVATED, {})),
        chain(ENROLLED, (Kind.SCORED, {})),
        chain(ENROLLED, (Kind.CONSENT_CHANGED, {"consent": {"scope": "all"}})),
        chain(ENROLLED, ENROLLED),
        chain(ENROLLED, version=2),
    ],
)
def test_a_sealed_event_that_no_rule_allows_is_not_believed(rows: list[Row]) -> None:
    with pytest.raises(LedgerTamperedError):
        Register.of_rows(rows)
