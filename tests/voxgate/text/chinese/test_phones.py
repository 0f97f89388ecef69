from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.text.chinese.phones import is_syllable, syllable_phones
from voxgate.text.chinese.phrases import known_syllables
from voxgate.text.symbols import symbol_table


@pytest.mark.parametrize(
    "line",
    "zhong4 zh ong4|yan2 y En2|ye4 y E4|yuan2 y van2|er2 EE er2|lv4 l v4|lüe4 l ve4|xue2 x ve2|"
    "wo3 w o3|zi5 z i05|ri4 r ir4|you3 y ou3|ju1 j v1|gui4 g ui4|an1 AA an1|ou1 OO ou1|"
    "wu3 w u3|yi1 y i1|yong4 y ong4|nve4 n ve4|ng2 EE en2".split("|"),
)
def test_a_syllable_is_two_phones(line: str) -> None:
    syllable, *phones = line.split(" ")
    assert syllable_phones(syllable) == tuple(phones)


def test_every_syllable_of_the_dictionary_has_phones_of_both_tables() -> None:
    for letters in known_syllables():
        for tone in "12345":
            phones = syllable_phones(letters + tone)
            assert all(phone in symbol_table(name) for phone in phones for name in ("v1", "v2"))


def test_what_is_no_syllable_is_refused() -> None:
    assert not is_syllable("zhong")
    assert not is_syllable("zhong6")
    with pytest.raises(TextError, match="'xyz1' is no syllable of Mandarin; need pinyin"):
        syllable_phones("xyz1")
