from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.pretraining.speech.phonemes import VOCABULARY, symbol_ids, to_kokoro


@pytest.mark.parametrize(
    ("ipa", "british", "symbols"),
    [
        ("d^ʒˈʌd^ʒ", False, "ʤˈʌʤ"),
        ("wˈɔːɾɚ", False, "wˈɔTəɹ"),
        ("bˈʌʔn\u0329", False, "bˈʌtᵊn"),
        ("nˈo^ʊ", False, "nˈO"),
        ("nˈə^ʊ", True, "nˈQ"),
        ("bˈe^ə", True, "bˈɛː"),
        ("t^ʃˈe^ɪnd^ʒ", True, "ʧˈAnʤ"),
    ],
)
def test_ipa_becomes_the_symbols_of_the_model(ipa: str, british: bool, symbols: str) -> None:
    assert to_kokoro(ipa, british=british) == symbols


def test_ids_follow_the_model_s_table() -> None:
    # "How could I" of the model's published example, and its stress and length marks
    assert symbol_ids("h k d ɪ n ˈ ˌ ː ɹ ʃ ŋ ð θ A O".replace(" ", "")) == [
        *[50, 53, 46, 102, 56, 156, 157, 158, 123, 131, 112, 81, 119, 24, 31]
    ]
    assert len(set(VOCABULARY.values())) == len(VOCABULARY)


def test_an_unknown_symbol_is_refused_not_dropped() -> None:
    with pytest.raises(TextError, match="ɮ"):
        symbol_ids("aɮ")
