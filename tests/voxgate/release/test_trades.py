from __future__ import annotations

from tests.fakes.releases import POLICY, Story
from voxgate.gate.trade import Trade
from voxgate.release.events import parse_row
from voxgate.release.statements import sign_trade
from voxgate.release.trades import Signature

TRADE = Trade(subject="gold", max_wer_loss=0.03, min_similarity_gain=0.05)


def test_a_signature_is_what_its_event_says() -> None:
    story = Story()
    story.tell(sign_trade(story.book, TRADE, POLICY, by="anna", reason="likeness matters"))
    signature = Signature.from_event(parse_row(story.rows[-1]))
    assert signature == Signature(digest=TRADE.digest, by="anna", reason="likeness matters")
    assert story.book.trade == signature
