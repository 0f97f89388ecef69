"""Words with several readings, told apart by what stands beside them."""

from __future__ import annotations

import pytest

from voxgate.text.japanese.front_end import read_kana
from voxgate.text.japanese.homographs import Homograph, homographs, write_out
from voxgate.text.japanese.kana import folded_moras
from voxgate.text.japanese.numerals import numerals_to_digits

RIGHT = (
    ("彼は株式市場で働く", "カレワカブシキシジョーデハタラク"),
    ("人気のある店", "ニンキノアルミセ"),
    ("一行は京都に着いた", "イッコーワキョートニツイタ"),
    ("仕事が辛い", "シゴトガツライ"),
    ("歌が上手だ", "ウタガジョーズダ"),
    ("強い風に吹かれる", "ツヨイカゼニフカレル"),
    ("空を見る", "ソラヲミル"),
    ("本を開く", "ホンヲヒラク"),
    ("行った方がいい", "イッタホーガイイ"),
    ("この方がいい", "コノホーガイイ"),
    ("大事な話", "ダイジナハナシ"),
    ("道を行って右", "ミチヲイッテミギ"),
    ("10分で着く", "ジュップンデツク"),
    ("十分な時間", "ジューブンナジカン"),
    ("二人組と2人組", "フタリグミトフタリグミ"),
    ("八歳の子が三百円と一本", "ハッサイノコガサンビャクエントイッポン"),
    ("四月一日から二十日まで", "シガツツイタチカラハツカマデ"),
)


@pytest.mark.parametrize("homograph", homographs(), ids=lambda homograph: homograph.example)
def test_every_line_of_the_table_reads_its_example(homograph: Homograph) -> None:
    assert homograph.pattern.search(numerals_to_digits(homograph.example))
    assert folded_moras(read_kana(homograph.example)) == folded_moras(homograph.reading)


@pytest.mark.parametrize(("written", "reading"), RIGHT)
def test_words_that_nothing_tells_apart_stay_as_the_dictionary_reads_them(
    written: str, reading: str
) -> None:
    assert folded_moras(read_kana(written)) == folded_moras(reading)


def test_variants_that_the_dictionary_lacks_are_written_in_known_ones() -> None:
    assert write_out("嗤う髙橋") == "笑う高橋"
