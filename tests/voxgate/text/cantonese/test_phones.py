from __future__ import annotations

import pytest

from voxgate.text.cantonese.phones import phones_of
from voxgate.text.cantonese.syllables import _ONSETS, _RIMES, parse_syllable
from voxgate.text.symbols import symbol_table

_TRAINED = """
aa Yaa Ya1, aai Yaa Yi1, aau Yaa Yu1, aam Yaa Ym1, aan Yaa Yn1, aap Yaa Yp1, aat Yaa Yt1,
aak Yaa Yk1, ai Yai Yi1, au Yau Yu1, am Ya Ym1, an Ya Yn1, ak Yak Yk1, o Yo Yo1, oi Yoi Yi1,
ou You Yu1, on Yon Yn1, ok Yok Yk1, uk Yuk Yk1, e Ye Ye1, ei Ye Yi1, m Ym Ym1, ng Yng Yg1
"""


@pytest.mark.parametrize("row", [row.split() for row in _TRAINED.split(",")])
def test_rimes_that_begin_a_syllable_are_cut_as_they_were_trained(row: list[str]) -> None:
    rime, *phones = row
    assert phones_of(parse_syllable(f"{rime}1")) == (tuple(phones), False)


@pytest.mark.parametrize(
    ("jyutping", "phones"),
    [
        ("ngo5", "Yng Yo5"),
        ("gwong2", "Ygw Yong2"),
        ("keoi5", "Yk Yeoi5"),
        ("jyun4", "Yj Yyun4"),
        ("zek3", "Yz Yek3"),
        ("hoeng1", "Yh Yoeng1"),
    ],
)
def test_onset_and_rime_are_a_phone_each(jyutping: str, phones: str) -> None:
    assert phones_of(parse_syllable(jyutping)) == (tuple(phones.split()), False)


@pytest.mark.parametrize(
    ("jyutping", "phones"),
    [
        ("aang1", "Yng Yaang1"),  # 罌
        ("ap1", "Yng Yap1"),  # 噏
        ("deu6", "Yd Yiu6"),  # 掉
        ("lem2", "Yl Yim2"),  # 舔
        ("gep6", "Yg Yip6"),  # 夾
        ("pen1", "Yp Yeng1"),
        ("pet6", "Yp Yek6"),
        ("hng6", "Yh Yang6"),  # 哼
    ],
)
def test_what_has_no_phones_takes_the_nearest_and_says_so(jyutping: str, phones: str) -> None:
    assert phones_of(parse_syllable(jyutping)) == (tuple(phones.split()), True)


def test_every_syllable_that_can_be_written_has_phones_of_the_table() -> None:
    table = symbol_table("v2")
    for onset in ("", *_ONSETS):
        for rime in _RIMES:
            phones, _ = phones_of(parse_syllable(f"{onset}{rime}3"))
            assert all(phone in table for phone in phones), (onset, rime, phones)
