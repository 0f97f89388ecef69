from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.text.sentences import cut_names, divide, sentences
from voxgate.text.whole_marks import cut_whole


def by_dots(text: str) -> list[str]:
    return [f"{piece}." for piece in text.split(".") if piece]


def test_a_text_without_either_is_only_cut() -> None:
    assert cut_whole("ab.<b>cd.", by_dots) == ["ab.", "<b>cd."]


def test_a_reading_is_never_cut_and_alone_it_is_a_piece() -> None:
    assert cut_whole("一{A.B.|ei1 bi4}二.{银行|yin2 hang2}.", by_dots) == [
        "一{A.B.|ei1 bi4}二.",
        "{银行|yin2 hang2}.",
    ]


def test_a_piece_closes_the_tag_that_it_opens_and_the_next_one_opens_it_again() -> None:
    assert cut_whole("<ja>はい.そう.</ja>你好.", by_dots) == [
        "<ja>はい.</ja>",
        "<ja>そう.</ja>",
        "你好.",
    ]
    assert cut_whole("<ja>はい.</ja>", by_dots) == ["<ja>はい.</ja>"]
    assert cut_whole("好<ja>は</ja>的.<ko>네.</ko>", by_dots) == [
        "好<ja>は</ja>的.",
        "<ko>네.</ko>",
    ]


def test_a_character_of_private_use_is_named() -> None:
    with pytest.raises(TextError, match=r"U\+E000"):
        cut_whole("{a|b}\ue000", by_dots)


TEXT = "{A.B.|ei1 bi4}很好, 真的很好. <ja>はい, そうです. ええ.</ja>我们走吧! {银行|yin2 hang2}."


@pytest.mark.parametrize("way", cut_names())
def test_every_way_of_cutting_keeps_them_whole(way: str) -> None:
    pieces = divide(TEXT, way)  # type: ignore[arg-type]
    for piece in pieces:
        assert piece.count("{") == piece.count("}") == piece.count("|")
        assert piece.count("<ja>") == piece.count("</ja>")
    for word in ("{A.B.|ei1 bi4}", "はい", "そうです", "ええ", "我们走吧", "{银行|yin2 hang2}"):
        assert sum(word in piece for piece in pieces) == 1


def test_sentences_of_chinese_and_of_several_languages() -> None:
    assert sentences("好的.我们走吧!真的吗? OK. 我用iPhone.") == [
        "好的.我们走吧!",
        "真的吗? OK.",
        "我用iPhone.",
    ]
    assert sentences("今天天气很好。我们走吧！真的吗？") == [
        "今天天气很好。",
        "我们走吧！",
        "真的吗？",
    ]
