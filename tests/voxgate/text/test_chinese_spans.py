"""What the features of characters need of the front end, over the rows and what is rare."""

from __future__ import annotations

import pytest

from scripts.text.rows import front_end_of, load_rows
from voxgate.errors import TextError
from voxgate.text.front_ends import open_front_end
from voxgate.text.phonemes import Phonemes, SpokenSpan, to_phonemes
from voxgate.text.symbols import PUNCTUATION


def chinese(read: Phonemes) -> list[SpokenSpan]:
    return [span for span in read.spans if span.language == "zh"]


def test_every_character_of_a_chinese_span_has_its_phones() -> None:
    opened: dict = {}
    checked = 0
    for row in (*load_rows("zh"), *load_rows("mixed")):
        if row["mode"] not in ("zh", "all_zh"):
            continue
        try:
            read = to_phonemes(row["text"], front_end_of(row["mode"], opened))
        except TextError:  # kana and hangul in a voice of Chinese
            continue
        for span in chinese(read):
            checked += 1
            # two a character and one a mark, as the public code's word2ph has it
            counts = tuple(1 if character in PUNCTUATION else 2 for character in span.text)
            assert span.phones_per_character == counts, row["text"]
            assert span.phone_count == sum(counts), row["text"]
    assert checked >= 100


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("二〇〇八年……好！", "二零零八年…好!"),
        ("她的頭髮很長。", "她的头发很长."),  # the script that BERT and the networks learnt from
        ("{銀行|yin2 hang2}在哪裡？", "银行在哪里?"),
        ("{㐂|xi3}{龘|da2}{𠮷|ji2}都不常見", "㐂龘𠮷都不常见"),
    ],
)
def test_what_is_written_is_one_character_each(text: str, read_as: str) -> None:
    (span,) = chinese(to_phonemes(text, open_front_end("zh")))
    assert span.text == read_as
    assert span.phones_per_character is not None
    assert len(span.phones_per_character) == len(span.text)


def test_places_are_those_of_the_whole_text() -> None:
    read = to_phonemes("OK，我们走吧", open_front_end("zh"))
    (span,) = chinese(read)
    spoken = read.phones[span.first_phone :]
    assert len(spoken) == span.phone_count
    assert spoken[-2:] == ("b", "a5")
