from __future__ import annotations

import pytest

from voxgate.code_digest import import_closure
from voxgate.errors import TextError
from voxgate.text.comparisons import comparison_rules
from voxgate.text.front_ends import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_that_can_be_spoken_can_be_compared(language: str) -> None:
    rules = comparison_rules(language)
    assert rules.canonical(rules.spoken("50")) == rules.canonical(
        rules.canonical(rules.spoken("50"))
    )


def test_a_language_without_a_front_end_is_refused() -> None:
    with pytest.raises(TextError, match="'xx' has no text front end"):
        comparison_rules("xx")


def test_what_a_voice_says_does_not_hang_on_how_it_is_judged() -> None:
    assert "voxgate.text.english.comparison" not in import_closure(["voxgate.speaking"])
