from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.speech.audit import find_speech, verify_speech
from tests.fakes.memory import memory_folder
from tests.fakes.speech_records import make_batch
from voxgate.errors import ConfigError, LedgerTamperedError
from voxgate.settings import Settings
from voxgate.wiring.speech_audit import open_speech_audit


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.delenv("VOXGATE_LEDGER_URL", raising=False)
    with memory_folder() as folder:
        audit = open_speech_audit(Settings(), folder)
        audit.append(make_batch("one", 1, 2))
        audit.append(make_batch("two", 3, version=2, profile=None, text="hello"))
        yield folder


def test_a_record_says_who_what_by_which_version_and_with_which_consent(root: Path) -> None:
    (record,) = find_speech(root, request_id="r-2")
    named = ("batch", "number", "key_id", "version", "profile", "consent_digest", "text")
    assert [record[name] for name in named] == [1, 2, "shop", 1, "anna@2", "c" * 64, None]
    (other,) = find_speech(root, version=2)
    assert (other["text"], other["profile"]) == ("hello", None)


@pytest.mark.parametrize("since", ["2026-11-28T12:00:02", "2026-11-28T13:00:02+01:00"])
def test_a_time_without_a_zone_is_utc(root: Path, since: str) -> None:
    assert [r["request_id"] for r in find_speech(root, since=since)] == ["r-2", "r-3"]
    assert [r["request_id"] for r in find_speech(root, until=since, limit=5)] == ["r-1"]


def test_a_question_that_asks_nothing_or_no_time_is_refused(root: Path) -> None:
    with pytest.raises(ConfigError, match="nothing is asked for: name --request"):
        find_speech(root)
    with pytest.raises(ConfigError, match="--until: expected 2026-11-22T14:00, got 'soon'"):
        find_speech(root, until="soon")


def test_the_chain_is_verified_up_to_a_remembered_head(root: Path) -> None:
    result = verify_speech(root, None)
    assert (result["batches"], result["records"], result["dropped"]) == (2, 3, 0)
    head = result["head"]
    assert verify_speech(root, head)["compared_with"] == ["the given head", "this checkout's head"]
    with pytest.raises(LedgerTamperedError, match="truncated"):
        verify_speech(root, f"3:{'0' * 64}")
    with pytest.raises(ConfigError, match="expected SEQUENCE:SHA256, got '7'"):
        verify_speech(root, "7")
