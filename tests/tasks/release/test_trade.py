from __future__ import annotations

from tasks.release import trade
from tests.fakes.release_site import ReleaseSite
from voxgate.params import Params, TradeParams, load_params
from voxgate.release.audit import log


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
