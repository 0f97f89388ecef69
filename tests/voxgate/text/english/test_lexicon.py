from __future__ import annotations

from pathlib import Path

import pytest

from voxgate.errors import ConfigError, TextError
from voxgate.text.english.lexicon import cmu_dictionary, load_lexicon, read_user_lexicon
from voxgate.text.front_ends import open_front_end
from voxgate.text.symbols import symbol_table


def test_dictionary_holds_only_phonemes_of_the_table() -> None:
    table = symbol_table("v2")
    phones = {phone for entry in cmu_dictionary().values() for phone in entry.split()}
    assert phones <= set(table.symbols)
    assert len(cmu_dictionary()) > 120_000


def test_user_words_override_the_dictionary(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.txt"
    path.write_text(
        "# names\nDigium\tD IH1 JH IY0 AH0 M  # a company\n\ntomato  t ah0 m aa1 t ow0\n"
    )
    lexicon = load_lexicon(path)
    assert lexicon.find("digium") == ("D", "IH1", "JH", "IY0", "AH0", "M")
    assert lexicon.find("tomato") == ("T", "AH0", "M", "AA1", "T", "OW0")
    assert lexicon.find("hello") == ("HH", "AH0", "L", "OW1")


def test_every_broken_line_is_reported_at_once(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.txt"
    path.write_text("one W AH1 N\nb4  B\nword  XX0 AH\nfine  F AY1 N\nfine  F AY1 N\n")
    with pytest.raises(ConfigError) as caught:
        read_user_lexicon(path, symbols=symbol_table("v2"))
    assert len(caught.value.faults) == 4
    assert caught.value.faults[0].startswith("line 1: 'one W AH1 N': need a word, a tab or two")
    assert "'b4': need letters a-z" in caught.value.faults[1]
    assert "unknown phonemes XX0, AH;" in caught.value.faults[2]
    assert "'fine' stands here a second time" in caught.value.faults[3]


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_missing_or_binary_lexicon_is_a_text_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "lexicon.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TextError, match=r"cannot read the user lexicon .*; need UTF-8 text"):
        load_lexicon(path)


def test_a_lexicon_can_put_the_day_before_the_month(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.txt"
    path.write_text("!dates day-first  # as in Europe\nkettle  K EH1 T AH0 L\n")
    front_end = open_front_end("en", lexicons={"en": path})
    assert front_end.normalise("on 3/4/2024") == "on April third, twenty twenty-four"
    assert front_end.normalise("on 12/31/2024") == "on December thirty-first, twenty twenty-four"
    assert front_end.read("3/4/2024").text == "April third, twenty twenty-four"
    assert open_front_end("en").normalise("3/4/2024") == "March fourth, twenty twenty-four"


def test_a_setting_that_there_is_not_is_reported_with_those_there_are(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.txt"
    path.write_text("!dates backwards\n")
    with pytest.raises(ConfigError, match="line 1: '!dates backwards': the only setting there is"):
        load_lexicon(path)


def test_a_sentence_may_stand_behind_the_phonemes_and_must_say_the_word(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.en.tsv"
    path.write_text("digium\tD IH1 JH\tAsk Digium now.\n")
    assert read_user_lexicon(path, symbols=symbol_table("v2")) == {"digium": ("D", "IH1", "JH")}
    path.write_text("digium\tD IH1 JH\tAsk somebody.\n")
    with pytest.raises(ConfigError, match=r"the sentence 'Ask somebody\.' does not say it"):
        read_user_lexicon(path, symbols=symbol_table("v2"))
