"""Words of any language, without what is written around them."""

import pytest

from voxgate.text.bare_words import bare_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("¿Qué? ¡Sí, señor!", "qué sí señor"),
        ("Que\u0301", "qué"),
        ("l'homme — STRASSE Straße", "lhomme strasse strasse"),
        ("20 % ...", "20"),
        ("हिन्दी", "हिन्दी"),
        ("", ""),
    ],
)
def test_marks_and_case_are_left_out(text, words):
    assert bare_words(text) == words
