"""Each reason has a remedy."""

import pytest

from voxgate.corpus.cutting.reasons import REMEDIES, explain, reason, remedy_of


@pytest.mark.parametrize("code", REMEDIES)
def test_each_code_says_what_to_do(code):
    why = reason(code, expected="one thing", arrived="another")
    assert explain(why) == f"{code}: expected one thing, got another; {remedy_of(code)}"
    assert remedy_of(code)[0].islower()
    assert not remedy_of(code).endswith(".")


def test_an_unknown_code_is_no_reason():
    with pytest.raises(KeyError, match="unheard_of"):
        reason("unheard_of", expected="", arrived="")
