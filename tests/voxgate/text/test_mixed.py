from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.language_front_end import LetterFrontEnd, mixed_front_end
from voxgate.errors import TextError
from voxgate.text.phonemes import to_phonemes


def test_each_span_is_read_by_its_language() -> None:
    spoken = mixed_front_end("zh").read("用Python写，5行。")
    assert spoken.text == "用Python写,五行."
    assert {word.word: word.language for word in spoken.words}["y"] == "en"
    assert {word.word: word.language for word in spoken.words}["五"] == "zh"


def test_phonemes_know_their_spans() -> None:
    spans = to_phonemes("我用Ab写。", mixed_front_end("zh")).spans
    assert [(span.language, span.text) for span in spans] == [
        ("zh", "我用"),
        ("en", "Ab"),
        ("zh", "写."),
    ]
    assert [span.phones_per_character for span in spans] == [(2, 2), None, (2, 1)]
    assert [(span.first_phone, span.phone_count) for span in spans] == [(0, 4), (4, 3), (7, 3)]


def test_tags_stay_only_where_the_characters_say_something_else() -> None:
    front_end = mixed_front_end("zh", "ja")
    assert front_end.normalise("我说<ja>大丈夫。今日。</ja>好") == (
        "我说<ja>大丈夫.</ja><ja>今日.</ja>好"
    )
    assert front_end.normalise("你说<ja>ありがとう</ja>吗") == "你说ありがとう吗"
    assert front_end.normalise("<zh>我说</zh>好") == "我说好"


def test_a_space_between_korean_and_another_language_is_heard() -> None:
    words = mixed_front_end("ko").read("나는 Python을").words
    assert [word.phones for word in words if word.word == " "] == [("空",)]


def test_a_reading_in_the_text_stays() -> None:
    spoken = mixed_front_end("zh").normalise("去{银行|yin2 hang2}用App")
    assert spoken == "去{银行|yin2 hang2}用App"


def test_units_of_all_spans_in_order() -> None:
    assert mixed_front_end("zh").units("我用A") == ("我", "用", "A")


def test_one_language_has_its_own_digest_and_no_segmenter() -> None:
    front_end = mixed_front_end("en")
    assert front_end.dictionary_digest == LetterFrontEnd("en").dictionary_digest
    assert mixed_front_end("zh").dictionary_digest != front_end.dictionary_digest
    with pytest.raises(TextError, match="'中' is no en"):
        front_end.normalise("a 中")
    with pytest.raises(TextError, match="Chinese, which this voice does not speak"):
        front_end.normalise("a <zh>中</zh>")


@given(
    st.sampled_from(["zh", "ja", "ko", "yue"]),
    st.lists(
        st.sampled_from(
            [
                *"中们込今日好嘅 あ가。，！?53",
                " Be",
                "Wi-Fi",
                "<ja>大丈夫</ja>",
                "<zh>東京。你</zh>",
                "{銀|x1}",
            ]
        ),
        max_size=12,
    ),
)
def test_normalised_text_is_parted_as_the_text_was(primary: str, pieces: list[str]) -> None:
    front_end = mixed_front_end(primary, "zh", "ja", "ko", "yue")
    text = "".join(pieces)
    once = front_end.normalise(text)
    assert front_end.normalise(once) == once
    words = [(word.word, word.language) for word in front_end.read(text).words]
    assert [(word.word, word.language) for word in front_end.read(once).words] == words
