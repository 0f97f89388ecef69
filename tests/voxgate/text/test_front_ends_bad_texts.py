"""What people send by mistake, in every language: an error with what, where and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from voxgate.errors import ConfigError, TextError
from voxgate.text.front_ends import LANGUAGES, open_front_end
from voxgate.text.phonemes import to_phonemes

WORD = {"en": "Hello", "zh": "你好", "ja": "こんにちは", "yue": "你好呀", "ko": "안녕하세요"}
BROKEN = {
    "en": ("kettle\tB AO9 L", "AO9"),
    "zh": ("重庆\tchong9 qing4", "chong9"),
    "ja": ("東京\ttoukyou", "toukyou"),
    "yue": ("銀行\tngan9 hong4", "ngan9"),
    "ko": ("김밥\tkimbap", "kimbap"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("character", "named"),
    [("\ue123", "E123"), ("\x07", "0007"), ("\u202e", "202E"), ("\ufffd", "FFFD"), ("ש", "05E9")],
    ids=["private use", "control", "right to left", "lost letter", "other script"],
)
def test_a_character_that_nobody_can_read_is_named(
    language: str, character: str, named: str
) -> None:
    word = WORD[language]
    with pytest.raises(TextError) as raised:
        open_front_end(language).read(f"{word}{character}{word}.")
    assert named in str(raised.value) or character in str(raised.value)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["", "  \n", "…!?", "😀👍🏽", "🇨🇳"])
def test_nothing_to_speak_is_told(language: str, text: str) -> None:
    with pytest.raises(TextError, match="nothing to speak"):
        to_phonemes(text, open_front_end(language))


@pytest.mark.parametrize("language", ["zh", "ja", "yue"])
def test_hangul_in_a_voice_without_korean_is_named_with_its_place(language: str) -> None:
    with pytest.raises(TextError, match=r"'안녕' at character \d+ is Korean, which this voice"):
        open_front_end(language).read(f"{WORD[language]}안녕。")


@pytest.mark.parametrize("language", LANGUAGES)
def test_scripts_mixed_inside_a_word_are_read_or_named(language: str) -> None:
    text = "pаypal"  # the first a is Cyrillic
    with pytest.raises(TextError, match=r"а|0430"):
        open_front_end(language).read(f"{WORD[language]} {text}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_text_without_a_mark_is_read(language: str) -> None:
    word = WORD[language] + (" " if language in ("en", "ko") else "")
    text = word * (10_000 // len(word))
    assert len(open_front_end(language).normalise(text)) >= len(text.strip())


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_broken_lines_of_a_lexicon_are_named(language: str, tmp_path: Path) -> None:
    line, named = BROKEN[language]
    path = tmp_path / f"lexicon.{language}.tsv"
    path.write_text(f"{line}\nno-tab-here\n", encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        open_front_end(language, lexicons={language: path})
    first, second = raised.value.faults
    assert first.startswith("line 1")
    assert named.lower() in first.lower()
    assert second.startswith("line 2")


@pytest.mark.parametrize("language", ["ko", "yue"])
def test_the_first_table_refuses_what_it_lacks_by_name(language: str) -> None:
    from voxgate.text.symbols import symbol_table

    with pytest.raises(TextError, match=rf"table 'v1' has no .* \({language}\)"):
        open_front_end(language, symbols=symbol_table("v1"))
