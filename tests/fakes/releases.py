"""Invented candidates and verdicts, to be taken through the ledger's transitions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from voxgate.release import approvals, candidates, monitoring, promotions, trial_rules
from voxgate.release.approvals import Decision
from voxgate.release.book import Book
from voxgate.release.events import Draft, Row, parse_row, seal
from voxgate.release.health import Check, Health
from voxgate.release.listening import session as listening
from voxgate.release.policy import Policy, VoteRule
from voxgate.release.ports.ledger import Ledger
from voxgate.release.records import Judgement, Origin
from voxgate.release.trial_rules import TrialPlan
from voxgate.release.votes import Ballot

MODEL = "voice-test"
START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
VOTE_RULE = VoteRule(min_prompts=20, preference_margin=0.3, confidence=0.95)
POLICY = Policy(valid_for=timedelta(days=7), votes=VOTE_RULE)
FOREVER = START + timedelta(days=36500)


def make_origin(number: int = 1, **changes: Any) -> Origin:
    base = Origin(
        candidate_digest=f"{number:064x}",
        model_digest=f"{0xC0000 + number:064x}",
        data_version="0123456789abcdef0123456789abcdef.dir",
        clips_digest="1" * 64,
        lexicon_digest="2" * 64,
        evidence_digest="3" * 64,
        consent_scope="internal",
        trained_by="cron",
        registry_version=number,
        parent_run_id=f"run-{number}",
    )
    return replace(base, **changes)


def make_judgement(number: int = 1, **changes: Any) -> Judgement:
    base = Judgement(
        verdict="PASS",
        verdict_digest="4" * 64,
        evidence_digest=f"{1000 + number:064x}",
        bundle=f".voxgate/bundles/{number}",
        artifact=f"bundle/{number}",
        champion=None,
        gold=None,
        needs_person=True,
        benchmark_digest="b" * 64,
        protocol_digest="5" * 64,
        evaluators={"transcriber": "f" * 64, "speaker_encoder": "e" * 64},
        expires_at=FOREVER,
        limits={},
    )
    return replace(base, **changes)


def placed(book: Book, version: int, judgement: Judgement) -> Judgement:
    """Return the judgement with the candidate's place among those of its champion."""
    place = book.place(
        version, champion=judgement.champion, benchmark_digest=judgement.benchmark_digest
    )
    return replace(judgement, candidate=place)


def make_decision(number: int = 1, **changes: Any) -> Decision:
    base = Decision(
        version=number,
        by="anna",
        reason="it sounds right",
        evidence_digest=f"{1000 + number:064x}",
    )
    return replace(base, **changes)


def make_plan(number: int = 2, **changes: Any) -> TrialPlan:
    values = {"canary_per_mille": 0, "shadow_per_mille": 100, "days": 7, **changes}
    return TrialPlan(version=number, **{"by": "anna", "reason": "does it hold up?", **values})


def make_ballot(**changes: Any) -> Ballot:
    """Return a vote on version 2, heard beside version 1."""
    base = Ballot(
        listener="anna",
        version=2,
        prompt_id="p000",
        seed_index=1,
        order=(2, 1),
        audio_sha256=("a" * 64, "b" * 64),
    )
    return replace(base, **changes)


def make_check(day: int = 22, health: str = "ok", **changes: Any) -> Check:
    reasons = () if health == "ok" else (f"{health}_code: the reason",)
    base = Check(day=date(2026, 11, day), health=Health(health), reasons=reasons)
    return replace(base, **changes)


class Story:
    """A ledger in memory that is told what happens, one second after the other."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.now = START

    @property
    def book(self) -> Book:
        return Book.of(MODEL, map(parse_row, self.rows))

    def tell(self, draft: Draft | None) -> Story:
        self.now += timedelta(seconds=1)
        assert draft is not None, "nothing to tell"
        last = self.rows[-1] if self.rows else None
        self.rows.append(seal(draft, after=last, now=self.now))
        return self

    def registered(self, number: int, **changes: Any) -> Story:
        return self.tell(candidates.register(self.book, make_origin(number, **changes)))

    def judged(self, number: int, **changes: Any) -> Story:
        changes = {"champion": self.book.live, **changes}
        judgement = make_judgement(number, **changes)
        if "candidate" not in changes:
            judgement = placed(self.book, number, judgement)
        return self.tell(
            candidates.judge(self.book, number, judgement, by="gate", reason="judged", now=self.now)
        )

    def approved(self, number: int, **changes: Any) -> Story:
        decision = make_decision(number, **changes)
        return self.tell(approvals.approve(self.book, decision, POLICY, now=self.now))

    def promoted(self, number: int) -> Story:
        return self.tell(
            promotions.promote(
                self.book, number, expected_live=self.book.live, by="anna", now=self.now
            )
        )

    def released(self, number: int) -> Story:
        return self.registered(number).judged(number).approved(number).promoted(number)

    def rolled_back(self, to: int | None = None, reason: str = "it hums") -> Story:
        return self.tell(
            promotions.roll_back(
                self.book, to=to, expected_live=self.book.live, by="anna", reason=reason
            )
        )

    def voted(self, **changes: Any) -> Story:
        return self.tell(listening.cast(self.book, make_ballot(**changes)))

    def gold(self, number: int) -> Story:
        return self.tell(
            candidates.name_gold(self.book, number, POLICY, by="anna", reason="studio take")
        )

    @staticmethod
    def replay(rows: list[Row]) -> Book:
        """Fold rows, with no regard to their chain."""
        return Book.of(MODEL, map(parse_row, rows))

    def checked(self, number: int, day: int, health: str) -> Story:
        """Enter what monitoring found on a day of November 2026."""
        check = make_check(day, health)
        return self.tell(monitoring.record_check(self.book, number, check))

    def tried(self, number: int, **changes: Any) -> Story:
        """Put a version on trial, as a shadow unless a canary is asked for."""
        plan = make_plan(number, **changes)
        return self.tell(trial_rules.start_trial(self.book, plan, now=self.now))

    def stopped(self, number: int) -> Story:
        return self.tell(
            trial_rules.stop_trial(self.book, number, by="anna", reason="enough was heard")
        )

    def quarantined(self, number: int) -> Story:
        return self.tell(
            promotions.quarantine(self.book, number, POLICY, by="anna", reason="it swears")
        )


def enter(ledger: Ledger, number: int, *, model: str = MODEL, approve: bool = True) -> None:
    """Register and judge a candidate in a real ledger, and approve it."""
    ledger.append(model, lambda book, _now: candidates.register(book, make_origin(number)))
    ledger.append(
        model,
        lambda book, now: candidates.judge(
            book,
            number,
            placed(book, number, make_judgement(number, champion=book.live)),
            by="gate",
            reason="j",
            now=now,
        ),
    )
    if approve:
        ledger.append(
            model,
            lambda book, now: approvals.approve(book, make_decision(number), POLICY, now=now),
        )
