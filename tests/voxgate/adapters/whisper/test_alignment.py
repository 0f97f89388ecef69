"""Which tokens of a text are one word: by spaces, or by the model where there are none."""

from __future__ import annotations

import pytest
from whisper.tokenizer import Tokenizer, get_tokenizer

from voxgate.adapters.whisper.alignment import _spelled


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return get_tokenizer(multilingual=True, language="zh", task="transcribe")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Press one, now!", ["Press", "one,", "now!"]),
        ("오늘은 TV를 봐요.", ["오늘은", "TV를", "봐요."]),
        (
            "今天天气很好，我用iPhone拍照。",
            ["今天", "天", "气", "很好，", "我", "用", "iPhone", "拍", "照。"],
        ),
        ("他花3.5元买OK 吧", ["他", "花", "3.5", "元", "买", "OK", "吧"]),
        ("", []),
    ],
)
def test_words_are_parted_as_their_script_parts_them(
    tokenizer: Tokenizer, text: str, words: list[str]
) -> None:
    spelled = _spelled(tokenizer, text)
    assert [word for word, _ in spelled] == words
    heard = tokenizer.decode([token for _, tokens in spelled for token in tokens])
    assert heard.replace(" ", "") == text.replace(" ", "")
