from __future__ import annotations

import json

from flows.reports.speech_audit import describe_speech, describe_speech_chain
from tests.fakes.speech_records import make_record


def test_a_record_names_what_answers_who_what_and_by_which_version() -> None:
    record = make_record(1, text="Hello\nAnna")
    text = describe_speech([{"batch": 4, "number": 2, **json.loads(record.content())}])
    first, *rest = text.splitlines()
    assert first == (
        "2026-11-28 12:00:01 UTC  r-1  by key shop for internal: complete, 2 sentences, 3.25 s"
    )
    assert f"  voice      voice-test@1  {'d' * 64}" in rest
    assert f"  profile    anna@2, consent {'c' * 64}" in rest
    assert f"  preset     telephone@1  {'e' * 64}  seed 0" in rest
    assert any(line.startswith("  text       'Hello\\nAnna'  (keyed digest ") for line in rest)
    assert rest[-1] == "  sealed     batch 4, record 2"


def test_what_is_not_kept_is_called_so() -> None:
    record = make_record(1, profile=None, consent_digest=None, pcm_sha256=None)
    text = describe_speech([{"batch": 1, "number": 1, **json.loads(record.content())}])
    assert "the reference of the voice, consent as the version was released" in text
    assert "text       not kept" in text
    assert "audio      none was handed out" in text
    assert describe_speech([]) == "nothing was found"


def test_the_chain_names_what_was_lost_and_the_head_to_remember() -> None:
    whole = {"batches": 2, "records": 3, "dropped": 0, "head": "2:ab", "compared_with": []}
    assert describe_speech_chain(whole) == (
        "verified: 3 records in 2 batches, head 2:ab, compared with no remembered head"
    )
    torn = {**whole, "dropped": 1, "compared_with": ["2:ab"]}
    assert describe_speech_chain(torn) == (
        "verified: 3 records in 2 batches, 1 lines that were not whole, head 2:ab, "
        "compared with 2:ab"
    )
