from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from voxgate.text.chinese.words import Word, cut, parts_of


def test_words_have_parts_of_speech() -> None:
    assert tuple(cut("我喜欢音乐")) == (Word("我", "r"), Word("喜欢", "v"), Word("音乐", "n"))


def test_a_word_is_parted_at_its_shortest_part() -> None:
    assert parts_of("展览馆") == ("展览馆", "") or parts_of("展览馆") == ("展览", "馆")
    assert parts_of("小老虎") == ("小", "老虎")


def test_no_cache_file_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from voxgate.text.chinese import words

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    words._cutter.cache_clear()
    tuple(cut("银行"))
    assert not list(tmp_path.iterdir())
