from __future__ import annotations

import pytest

from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.stretches import Reason, Status, Stretch, Utterance

_SPAN = Span(0, 16_000)
_SAID = Utterance(span=_SPAN, text="Hello.", language="en")
_WHY = (Reason(code="passes_differ", expected="one text", arrived="two"),)


def test_what_is_kept_says_something() -> None:
    assert Stretch(span=_SPAN, status=Status.KEPT, utterance=_SAID).utterance is _SAID
    with pytest.raises(ValueError, match="utterance"):
        Stretch(span=_SPAN, status=Status.KEPT)


def test_silence_says_nothing() -> None:
    assert Stretch(span=_SPAN, status=Status.SILENCE).reasons == ()
    with pytest.raises(ValueError, match="utterance"):
        Stretch(span=_SPAN, status=Status.SILENCE, utterance=_SAID)


def test_an_utterance_fills_its_stretch() -> None:
    with pytest.raises(ValueError, match="in a stretch"):
        Stretch(span=Span(0, 8_000), status=Status.KEPT, utterance=_SAID)


@pytest.mark.parametrize("status", [Status.DOUBTFUL, Status.REJECTED])
def test_a_doubt_has_a_reason(status: Status) -> None:
    said = _SAID if status is Status.DOUBTFUL else None
    with pytest.raises(ValueError, match="no reason"):
        Stretch(span=_SPAN, status=status, utterance=said)
    assert Stretch(span=_SPAN, status=status, utterance=said, reasons=_WHY).reasons == _WHY


def test_a_reason_says_what_was_expected() -> None:
    assert str(_WHY[0]) == "passes_differ: expected one text, got two"
