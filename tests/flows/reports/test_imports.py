"""What a person reads about long recordings."""

import json
from datetime import UTC, datetime

from flows.reports.imports import (
    count_account,
    count_clip,
    describe_account,
    describe_accounts,
    describe_clip,
)
from tasks.corpus.accounts import Accounts, FoundClip, SourceAccount
from tests.fakes.imports import an_import, doubtful, kept, rejected, silence
from voxgate.corpus.cutting.accounting import account_for
from voxgate.corpus.cutting.decisions import Decision

IMPORTED = an_import(kept(0, 2), silence(2, 3), doubtful(3, 5), rejected(5, 10))
ACCOUNT = account_for(IMPORTED.stretches, IMPORTED.source.n_samples)


def test_a_table_has_a_line_for_each_status_and_what_to_do_about_doubts():
    assert [" ".join(line.split()) for line in describe_account(ACCOUNT)] == [
        "in 10.00 s 100.0%",
        "kept 1 2.00 s 20.0%",
        "doubtful 1 2.00 s 20.0%",
        "rejected (music) 1 5.00 s 50.0%",
        "silence 1 1.00 s 10.0%",
        "why clips are doubtful (one may have several reasons):",
        "passes_differ 1 listen to it and write what is said",
    ]


def test_a_table_for_scripts_is_json():
    table = json.loads(json.dumps(count_account(ACCOUNT)))
    assert sum(entry["seconds"] for entry in table["entries"]) == table["seconds"] == 10


def test_several_sources_have_a_table_together():
    one = SourceAccount(source=IMPORTED.source, stretches=IMPORTED.stretches, account=ACCOUNT)
    alone = Accounts(sources=(one,), together=ACCOUNT)
    assert "all" not in describe_accounts(alone)
    assert "all 2 recordings" in describe_accounts(Accounts(sources=(one, one), together=ACCOUNT))


def test_a_clip_is_shown_with_file_second_reasons_and_who_decided():
    decision = Decision(clip="x", decision="reject", by="bo", at=datetime(2026, 1, 31, tzinfo=UTC))
    found = FoundClip(
        recording_id="anna/talk/x",
        source=IMPORTED.source,
        stretch=doubtful(3_725.5, 3_727),
        decision=decision,
    )
    said = describe_clip(found)
    assert "talk.wav from 1:02:05.50 to 1:02:07.00" in said
    assert "passes_differ: expected at most 10 % of words, got 50 %" in said
    assert "reject by bo, 2026-01-31T00:00:00+00:00" in said
    assert json.loads(json.dumps(count_clip(found)))["reasons"][0]["code"] == "passes_differ"
