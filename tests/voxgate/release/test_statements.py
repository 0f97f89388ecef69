"""Signatures under a trade, and seals on what was measured."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes.releases import POLICY, Story
from voxgate.errors import ApproverError, ReleaseError
from voxgate.gate.trade import Trade
from voxgate.release.audit import verify
from voxgate.release.statements import (
    is_sealed,
    revoke_trade,
    seal_evidence,
    sign_trade,
    standing_trade,
)

TRADE = Trade(subject="gold", max_wer_loss=0.03, min_similarity_gain=0.05)


def signed(story: Story, by: str = "anna") -> Story:
    return story.tell(sign_trade(story.book, TRADE, POLICY, by=by, reason="likeness matters"))


def test_a_signature_counts_for_the_rule_that_was_signed_and_no_other() -> None:
    story = signed(Story().registered(1))
    release = story.book.require(1)
    found = standing_trade(story.book, TRADE, POLICY, release)
    assert found is not None
    assert (found.signed_by, found.is_valid) == ("anna", True)
    wider = replace(TRADE, max_wer_loss=0.04)
    unsigned = standing_trade(story.book, wider, POLICY, release)
    assert unsigned is not None
    assert unsigned.signed_by is None
    assert standing_trade(story.book, None, POLICY, release) is None
    assert verify(story.rows) == []


def test_signing_again_is_no_event_and_a_revoked_signature_is_none() -> None:
    story = signed(Story().registered(1))
    assert sign_trade(story.book, TRADE, POLICY, by="anna", reason="again") is None
    story.tell(revoke_trade(story.book, by="cron", reason="too many words lost"))
    assert story.book.trade is None
    assert revoke_trade(story.book, by="anna", reason="again") is None


@pytest.mark.parametrize("by", ["cron", "policy:auto", "Policy:base"])
def test_neither_the_trainer_nor_a_policy_signs(by: str) -> None:
    with pytest.raises(ApproverError):
        sign_trade(Story().registered(1).book, TRADE, POLICY, by=by, reason="I would like to")


def test_where_approvers_are_listed_nobody_else_signs() -> None:
    listed = replace(POLICY, approvers={"bob": []})
    with pytest.raises(ApproverError, match="lists bob"):
        sign_trade(Story().book, TRADE, listed, by="anna", reason="I would like to")


def test_who_signed_and_trained_later_has_signed_nothing_for_that_version() -> None:
    story = signed(Story(), by="dora").registered(1, trained_by="dora")
    found = standing_trade(story.book, TRADE, POLICY, story.book.require(1))
    assert found is not None
    assert found.signed_by is None


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (None, "there is no rule to sign"),
        (replace(TRADE, max_wer_loss=0.5), "max_wer_loss: at most 0.05"),
        (replace(TRADE, min_similarity_gain=0.0), "min_similarity_gain: at least 0.02"),
    ],
)
def test_what_may_not_be_signed_is_named(rule: Trade | None, message: str) -> None:
    with pytest.raises(ReleaseError, match=message):
        sign_trade(Story().book, rule, POLICY, by="anna", reason="I would like to")


def test_the_last_measurement_of_a_voice_in_a_frame_is_the_sealed_one() -> None:
    story = Story()
    for digest in ("1" * 64, "2" * 64):
        story.tell(
            seal_evidence(
                story.book,
                model_digest="m" * 64,
                frame_digest="f" * 64,
                evidence_sha256=digest,
                by="cron",
            )
        )
    assert is_sealed(story.book, "m" * 64, "f" * 64, "2" * 64)
    assert not is_sealed(story.book, "m" * 64, "f" * 64, "1" * 64)
    assert not is_sealed(story.book, "m" * 64, "0" * 64, "2" * 64)
