from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from tests.fakes.imports import an_import, doubtful, kept, silence
from voxgate.corpus.cutting.accounting import account_for
from voxgate.corpus.cutting.composition import Trim, compose, settle
from voxgate.corpus.cutting.decisions import Decision
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.stretches import Status
from voxgate.corpus.manifest import Recording

IMPORTED = an_import(kept(0, 2), silence(2, 3), doubtful(3, 5))
KEPT_ID, DOUBTFUL_ID = IMPORTED.clips
DECIDED_AT = datetime(2026, 1, 31, tzinfo=UTC)
BY_HAND = Recording("hand", "audio/hand.wav", "anna", "en", "by hand")


def decide(
    clip: str,
    decision: Literal["accept", "reject"],
    *,
    text: str | None = None,
    trim_ms: tuple[int, int] | None = None,
) -> dict[str, Decision]:
    at = datetime(2026, 1, 31, tzinfo=UTC)
    return {
        clip: Decision(clip=clip, decision=decision, by="bo", at=at, text=text, trim_ms=trim_ms)
    }


def test_what_is_kept_is_data_and_what_is_doubtful_is_not() -> None:
    composition = compose([BY_HAND], [IMPORTED], {})
    assert [r.recording_id for r in composition.recordings] == [KEPT_ID, "hand"]
    assert composition.recordings[0] == Recording(
        KEPT_ID, f"audio/{KEPT_ID}.flac", "anna", "en", "good morning"
    )


def test_composing_twice_changes_nothing() -> None:
    once = compose([BY_HAND], [IMPORTED], {})
    assert compose(once.recordings, [IMPORTED], {}) == once


def test_recordings_of_a_speaker_with_a_like_name_stay() -> None:
    other = Recording("anna/talk-123456789/x", "audio/x.wav", "anna", "en", "x")
    assert other in compose([other], [IMPORTED], {}).recordings


def test_an_accepted_clip_becomes_data_with_its_corrected_text() -> None:
    decisions = decide(DOUBTFUL_ID, "accept", text="good\nnight ")
    recordings = {r.recording_id: r for r in compose([], [IMPORTED], decisions).recordings}
    assert recordings[DOUBTFUL_ID].text == "good night"


def test_a_rejected_clip_is_no_data_and_its_seconds_are_accounted_for() -> None:
    decisions = decide(KEPT_ID, "reject")
    assert compose([], [IMPORTED], decisions).recordings == ()
    account = account_for(settle(IMPORTED, decisions), IMPORTED.source.n_samples)
    assert (account.entries[1].status, account.entries[1].reason) == (Status.REJECTED, "reviewer")


def test_a_trimmed_clip_is_named_by_what_is_left_of_it() -> None:
    decisions = decide(DOUBTFUL_ID, "accept", trim_ms=(500, 1_800))
    composition = compose([], [IMPORTED], decisions)
    trimmed = "anna/talk-12345678/000003500-000004800"
    assert trimmed in {r.recording_id for r in composition.recordings}
    assert composition.trims == {
        f"audio/{trimmed}.flac": Trim(
            path=f"audio/{DOUBTFUL_ID}.flac", within=Span.of_seconds(0.5, 1.8)
        )
    }


def test_what_is_trimmed_off_is_accounted_for() -> None:
    settled = settle(IMPORTED, decide(DOUBTFUL_ID, "accept", trim_ms=(500, 1_800)))
    account = account_for(settled, IMPORTED.source.n_samples)
    assert [(e.status, e.reason, e.n_samples) for e in account.entries] == [
        (Status.KEPT, "", 52_800),
        (Status.REJECTED, "trimmed", 11_200),
        (Status.SILENCE, "", 16_000),
    ]


def test_a_trim_never_reaches_outside_of_the_clip() -> None:
    settled = settle(IMPORTED, decide(DOUBTFUL_ID, "accept", trim_ms=(-500, 99_000)))
    assert [stretch.span for stretch in settled] == [s.span for s in IMPORTED.stretches]


def test_a_decision_about_a_clip_that_is_gone_changes_nothing() -> None:
    decisions = decide("anna/talk-12345678/000000000-000000010", "accept")
    assert compose([], [IMPORTED], decisions) == compose([], [IMPORTED], {})
