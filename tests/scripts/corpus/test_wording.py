from __future__ import annotations

import pytest

from scripts.corpus.wording import load_wording


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        ("en", "Press 1, and don't hang up!", "press one and do not hang up"),
        ("en", "Dial 500.", "dial five hundred"),
        ("es", "Marque 1 ó 21 última.", "marque uno o veintiuno ultima"),
        ("es", "42", "cuarenta y dos"),
        ("es", "90", "noventa"),
        ("fr", "Composez le 17, c'est ça.", "composez le dix-sept c est ca"),
        ("fr", "21 et 71", "vingt et un et soixante et onze"),
        ("fr", "80, 81, 95", "quatre-vingt quatre-vingt un quatre-vingt quinze"),
        ("fr", "40", "quarante"),
    ],
)
def test_numbers_are_compared_as_they_are_said(language: str, written: str, spoken: str) -> None:
    wording = load_wording(language)
    assert wording(written) == wording(spoken) != []


def test_what_is_said_otherwise_is_something_else() -> None:
    wording = load_wording("es")
    assert wording("marque 2") != wording("marque tres")
    assert wording("100") == ["100"]
