from __future__ import annotations

import pytest

from tasks.release import trade
from tests.fakes.contest import OPEN, Contest
from tests.fakes.release_site import ReleaseSite
from voxgate.params import Params, TradeParams, load_params
from voxgate.release.audit import log
from voxgate.release.records import State


def ruled(site: ReleaseSite) -> Params:
    params = load_params(site.root / "params.yaml")
    rule = TradeParams(subject="gold", max_wer_loss=0.03, min_similarity_gain=0.05)
    return params.model_copy(update={"gate": params.gate.model_copy(update={"trade": rule})})


def test_a_signature_is_one_event_with_the_rule_and_the_account(release_site: ReleaseSite) -> None:
    desk, params = release_site.desk, ruled(release_site)
    number = trade.sign(desk, params, by="anna", reason="likeness matters")
    assert trade.sign(desk, params, by="anna", reason="likeness matters") is None
    (event,) = log(desk.ledger.rows(), model=desk.model)
    assert (event.sequence, event.kind, event.actor) == (number, "trade_signed", "anna")
    assert event.facts["rule"]["max_wer_loss"] == 0.03
    assert event.facts["login"] == dict(desk.login)
    assert trade.show(desk, params)["in_force"]
    assert trade.revoke(desk, by="bob", reason="too many words") == event.sequence + 1
    assert trade.revoke(desk, by="bob", reason="too many words") is None
    assert not trade.show(desk, params)["in_force"]


def test_words_are_traded_for_likeness_only_while_a_signature_stands(
    release_site: ReleaseSite,
) -> None:
    rule = TradeParams(subject="champion", max_wer_loss=0.05, min_similarity_gain=0.03)
    contest = Contest(release_site, trade=rule, likeness={2: 0.95})
    contest.crown(1, {})
    version = contest.enter(2, dict.fromkeys((1, 2, 3), OPEN))
    unsigned = contest.judge(version)
    assert unsigned.verdict == "INCONCLUSIVE"
    assert "would pass it, but nobody has signed it" in unsigned.report

    trade.sign(release_site.desk, contest.params, by="anna", reason="likeness matters")
    signed = contest.judge(version)
    assert signed.verdict == "PASS", signed.report
    assert "passed by a trade that anna signed" in signed.report
    assert contest.release(version).state is State.PENDING
    judgement = contest.release(version).judgement
    assert judgement is not None
    assert judgement.verdict == "PASS"

    trade.revoke(release_site.desk, by="bob", reason="too many words")
    assert contest.judge(version).verdict == "INCONCLUSIVE"


@pytest.mark.slow
def test_a_signed_trade_is_not_met_without_the_gain(release_site: ReleaseSite) -> None:
    rule = TradeParams(subject="champion", max_wer_loss=0.05, min_similarity_gain=0.03)
    contest = Contest(release_site, trade=rule, likeness={2: 0.92})
    contest.crown(1, {})
    trade.sign(release_site.desk, contest.params, by="anna", reason="likeness matters")
    judged = contest.judge(contest.enter(2, dict.fromkeys((1, 2, 3), OPEN)))
    assert judged.verdict == "INCONCLUSIVE"
    assert "the trade is not met either" in judged.report
