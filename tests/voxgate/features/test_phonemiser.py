from __future__ import annotations

from pathlib import Path

import pytest

from voxgate.code_digest import import_closure
from voxgate.errors import ConfigError, TextError
from voxgate.features.phonemiser import open_phonemiser, rules_digest
from voxgate.text.languages import PACKAGES
from voxgate.text.symbols import symbol_table


def lexicon(folder: Path, line: str) -> dict[str, Path]:
    path = folder / "lexicon.en.tsv"
    path.write_text(line)
    return {"en": path}


def test_texts_are_read_in_their_language_table_and_lexicon(tmp_path: Path) -> None:
    own = lexicon(tmp_path, "kettle\tB AO1 L\n")
    phonemiser = open_phonemiser("v1", lexicons=own, languages=["en"])
    reading = phonemiser.read("Kettle, zorblax.", language="en")
    assert reading.phones[:4] == symbol_table("v1").ids_of(["B", "AO1", "L", ","])
    assert reading.guessed_words == ("zorblax",)


def test_a_language_without_a_front_end_is_a_text_error() -> None:
    with pytest.raises(TextError, match="language 'fr' has no text front end; there are: en"):
        open_phonemiser("v2", lexicons={}, languages=["en"]).read("Salut", language="fr")


def test_only_the_languages_of_the_corpus_are_opened() -> None:
    phonemiser = open_phonemiser("v2", lexicons={}, languages=["en"])
    assert list(phonemiser.front_ends) == ["en"]
    with pytest.raises(TextError, match="a text in 'zh': texts in en were announced"):
        phonemiser.read("你好", language="zh")


def test_a_broken_lexicon_is_found_before_any_text_is_read(tmp_path: Path) -> None:
    own = lexicon(tmp_path, "kettle\tB AO9 L\n")
    with pytest.raises(ConfigError, match="unknown phonemes AO9"):
        open_phonemiser("v2", lexicons=own, languages=["en"])


def test_the_digest_changes_with_the_table_and_the_lexicon(tmp_path: Path) -> None:
    own = lexicon(tmp_path, "kettle\tB AO1 L\n")
    digests = {
        open_phonemiser("v2", lexicons={}, languages=["en"]).digest,
        open_phonemiser("v1", lexicons={}, languages=["en"]).digest,
        open_phonemiser("v2", lexicons=own, languages=["en"]).digest,
    }
    assert len(digests) == 3
    assert open_phonemiser("v2", lexicons={}, languages=["en"]).digest in digests


def test_the_rules_of_a_language_are_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(
        "voxgate.features.phonemiser.code_digest", lambda names: asked.append(list(names)) or "d"
    )
    rules_digest(["en"])
    rules_digest(["ja"])
    own, both = asked
    assert "voxgate.text.english.front_end" in own
    assert not any("japanese" in name for name in own)
    assert set(both) == {*own, "voxgate.text.japanese.front_end"}


def test_the_rules_of_english_import_no_other_language() -> None:
    entries = ["voxgate.text.phonemes", "voxgate.text.mixed", "voxgate.text.english.front_end"]
    others = [PACKAGES[code] for code in PACKAGES if code != "en"]
    found = import_closure(entries)
    assert not [name for name in found if name.startswith(tuple(others))]
