from __future__ import annotations

from flows.reports.audit import describe_events, describe_verification


def test_an_event_is_one_line_in_utc() -> None:
    event = {
        "sequence": 3, "at": "2026-11-02T08:00:00+01:00", "kind": "promoted", "model": "voice",
        "version": None, "actor": "anna", "reason": "sounds right",
    }  # fmt: skip
    assert describe_events([event]) == (
        "    3  2026-11-02 07:00:00 UTC  promoted     voice -  by anna: sounds right"
    )
    assert describe_events([]) == "nothing has happened yet"


def test_a_fault_of_the_ledger_is_named_and_nothing_is_called_verified() -> None:
    sound = {"findings": [], "compared_with": ["--head"], "events": 2, "head": "2:ab"}
    assert describe_verification(sound) == "verified: 2 events, head 2:ab, compared with --head"
    altered = {**sound, "findings": [{"code": "digest", "message": "event 1"}], "compared_with": []}
    assert describe_verification(altered).splitlines() == [
        "NOT VERIFIED: digest: event 1",
        "2 events, head 2:ab, compared with no remembered head",
    ]


def test_the_account_stands_beside_the_name_that_was_typed() -> None:
    event = {
        "sequence": 3, "at": "2026-11-02T08:00:00+01:00", "kind": "approved", "model": "voice",
        "version": 2, "actor": "anna", "reason": "sounds right",
        "facts": {"login": {"uid": "0", "name": "root", "host": "studio", "sudo_user": "cron"}},
    }  # fmt: skip
    assert describe_events([event]).endswith(
        "by anna [root on studio (sudo_user cron)]: sounds right"
    )
