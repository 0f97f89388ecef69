from __future__ import annotations

from pathlib import Path

import pytest

from voxgate.errors import ConfigError, TextError
from voxgate.text.lexicons import find_lexicons, lexicon_language, lexicon_name


def test_a_file_is_named_after_its_language() -> None:
    assert lexicon_name("yue") == "lexicon.yue.tsv"
    assert lexicon_language("lexicon.yue.tsv") == "yue"
    for other in ("lexicon.txt", "lexicon.fr.tsv", "s1.safetensors", "lexicon..tsv"):
        assert lexicon_language(other) is None
    with pytest.raises(TextError, match="language 'fr' has no text front end"):
        lexicon_name("fr")


def test_the_lexicons_of_a_folder_come_in_the_languages_order(tmp_path: Path) -> None:
    for name in ("lexicon.zh.tsv", "lexicon.en.tsv", "notes.txt"):
        (tmp_path / name).touch()
    assert list(find_lexicons(tmp_path).items()) == [
        ("en", tmp_path / "lexicon.en.tsv"),
        ("zh", tmp_path / "lexicon.zh.tsv"),
    ]
    assert find_lexicons(tmp_path / "absent") == {}


def test_what_looks_like_a_lexicon_and_would_never_be_read_is_refused(tmp_path: Path) -> None:
    for name in ("lexicon.fr.tsv", "lexicon.en.txt"):
        (tmp_path / name).touch()
    with pytest.raises(ConfigError) as raised:
        find_lexicons(tmp_path)
    assert len(raised.value.faults) == 2
    assert "no stage reads it; expected one of lexicon.en.tsv, lexicon.zh.tsv" in str(raised.value)
