from __future__ import annotations

import json
from datetime import timedelta, timezone

import pytest

from tests.fakes.speech_records import KEY, START, make_record
from voxgate.errors import LedgerTamperedError, SpeechRequestError
from voxgate.serving.audit.record import SpeechRecord, kept_text, keyed_text_digest


def test_a_record_is_read_back_as_it_was_and_its_text_is_canonical() -> None:
    record = make_record(text="Grüße, 日本\n\x00", profile=None, pcm_sha256=None)
    content = record.content()
    assert SpeechRecord.parse(content) == record
    assert "\n" not in content
    assert SpeechRecord.parse(content).content() == content


def test_times_are_kept_in_utc_so_that_they_sort_as_texts() -> None:
    there = START.astimezone(timezone(timedelta(hours=9)))
    assert json.loads(make_record(started_at=there).content())["started_at"] == (
        "2026-11-28T12:00:00.000000+00:00"
    )


@pytest.mark.parametrize(
    "content",
    ["{}", "[]", "half", '{"schema":2}', make_record().content().replace('"seed":0,', "")],
)
def test_what_is_no_record_is_refused(content: str) -> None:
    with pytest.raises(LedgerTamperedError, match="none that this voxgate writes"):
        SpeechRecord.parse(content)


def test_a_name_that_would_repaint_a_list_is_refused_and_named() -> None:
    with pytest.raises(SpeechRequestError, match="request_id: U\\+001B") as caught:
        make_record(request_id="r\x1b[2J")
    assert (caught.value.field, caught.value.code) == ("request_id", "unprintable")
    with pytest.raises(SpeechRequestError, match="key_id: 201 characters, at most 200"):
        make_record(key_id="k" * 201)


def test_the_digest_of_a_text_says_nothing_without_the_key() -> None:
    assert keyed_text_digest("hello", KEY) == keyed_text_digest("hello", KEY)
    assert keyed_text_digest("hello", KEY) != keyed_text_digest("hello", b"j" * 32)
    assert keyed_text_digest("hello\ud800", KEY) != keyed_text_digest("hello", KEY)
    with pytest.raises(ValueError, match="16 bytes or more, got 3"):
        keyed_text_digest("hello", b"abc")


def test_a_text_is_kept_only_where_that_is_allowed() -> None:
    assert kept_text("hello", allowed=False) is None
    assert kept_text("hello", allowed=True) == "hello"
    half = kept_text("a\ud800b", allowed=True)
    assert half == "a\\ud800b"
    assert SpeechRecord.parse(make_record(text=half).content()).text == half
