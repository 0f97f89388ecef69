from __future__ import annotations

from pathlib import Path

import pytest

from voxgate.errors import ConfigError, TextError
from voxgate.features.phonemiser import open_phonemiser
from voxgate.text.symbols import symbol_table


def test_texts_are_read_in_their_language_table_and_lexicon(tmp_path: Path) -> None:
    lexicon = tmp_path / "lexicon.txt"
    lexicon.write_text("kettle\tB AO1 L\n")
    reading = open_phonemiser("v1", lexicon=lexicon).read("Kettle, zorblax.", language="en")
    assert reading.phones[:4] == symbol_table("v1").ids_of(["B", "AO1", "L", ","])
    assert reading.guessed_words == ("zorblax",)


def test_a_language_without_a_front_end_is_a_text_error() -> None:
    with pytest.raises(TextError, match="language 'zh' has no text front end; there are: en"):
        open_phonemiser("v2", lexicon=None).read("你好", language="zh")


def test_a_broken_lexicon_is_found_before_any_text_is_read(tmp_path: Path) -> None:
    lexicon = tmp_path / "lexicon.txt"
    lexicon.write_text("kettle\tB AO9 L\n")
    with pytest.raises(ConfigError, match="unknown phonemes AO9"):
        open_phonemiser("v2", lexicon=lexicon)


def test_the_digest_changes_with_the_table_and_the_lexicon(tmp_path: Path) -> None:
    lexicon = tmp_path / "lexicon.txt"
    lexicon.write_text("kettle\tB AO1 L\n")
    digests = {
        open_phonemiser("v2", lexicon=None).digest,
        open_phonemiser("v1", lexicon=None).digest,
        open_phonemiser("v2", lexicon=lexicon).digest,
    }
    assert len(digests) == 3
    assert open_phonemiser("v2", lexicon=None).digest in digests
