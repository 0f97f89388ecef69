from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.evaluation.critical import critical_words


@pytest.mark.parametrize(
    ("normalised", "expected"),
    [
        ("Do not take more than two of these.", ("not", "two")),
        ("Never call Ruth on a Sunday.", ("Never", "Ruth", "Sunday")),
        ("Don't stop, I can't swim, and he isn't here.", ("Don't", "can't", "isn't")),
        ("Pay twenty-one dollars at noon.", ("twenty", "one", "dollars", "noon")),
        ("The second of three came twice.", ("second", "three", "twice")),
        ("Sixty people and sixty chairs.", ("Sixty", "sixty")),
        ("We left. Nobody saw Ada. She did.", ("Nobody", "Ada")),
        ("I think I'm late, and I've lost it.", ()),
        ("The letters F and S sound alike.", ("F", "S")),
        ("May I march in May or March?", ("May", "March")),
        ("Mondays are long.", ("Mondays",)),
        ("Our note is not a knot, and another nose is known.", ("not",)),
    ],
)
def test_numbers_dates_names_and_negations_are_critical(
    normalised: str, expected: tuple[str, ...]
) -> None:
    assert critical_words(_with_digits(normalised), normalised, "en") == expected


def test_a_one_that_the_text_spells_is_a_pronoun() -> None:
    assert critical_words("Take one each.", "Take one each.", "en") == ()
    assert critical_words("Take 1 each.", "Take one each.", "en") == ("one",)


def test_a_language_without_a_list_is_refused() -> None:
    with pytest.raises(TextError, match="critical words of language 'de': there are lists for en"):
        critical_words("Nie.", "Nie.", "de")


def _with_digits(normalised: str) -> str:
    return normalised.replace("twenty-one dollars", "$21")
