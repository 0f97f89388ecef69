from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tasks.terms.lexicon import NewTerm, add_term
from tasks.terms.reading import check_texts, say_text, voice_languages
from tests.fakes.recordings import list_recording
from tests.fakes.term_checkout import make_term_checkout
from voxgate.corpus.manifest import write_manifest
from voxgate.errors import TextError
from voxgate.params import Params, load_params
from voxgate.stage import Workspace

Checkout = tuple[Workspace, Params]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    root = make_term_checkout(tmp_path / "checkout", lexicon="lexicons")
    return Workspace(root), load_params(root / "params.yaml")


def test_a_text_is_shown_word_by_word_with_its_place(checkout: Checkout) -> None:
    answer = say_text(*checkout, "Zyrtec costs $5.")
    assert answer["normalised"] == "Zyrtec costs five dollars."
    words = [(word["word"], word["place"]) for word in answer["words"]]
    assert words == [("Zyrtec", 1), ("costs", 8), ("five", None), ("dollars", None)]
    assert answer["guessed"] == [{"word": "Zyrtec", "place": 1}]
    assert answer["phones"][-1] == "."
    assert answer["lexicon_read"]


def test_the_lexicon_is_read_where_params_name_it(checkout: Checkout) -> None:
    add_term(*checkout, NewTerm(written="zyrtec", reading="Z ER1 T EH0 K"))
    answer = say_text(*checkout, "Zyrtec.")
    assert answer["guessed"] == []
    assert answer["words"][0]["source"] == "user"


def test_a_text_without_words_is_a_text_error(checkout: Checkout) -> None:
    with pytest.raises(TextError, match="nothing to speak"):
        say_text(*checkout, "…")


def test_every_term_is_read_in_sentences(checkout: Checkout) -> None:
    assert check_texts(*checkout)["terms"] == 0
    add_term(*checkout, NewTerm(written="zyrtec", reading="Z ER1 T EH0 K"))
    right = check_texts(*checkout)
    assert (right["terms"], right["sentences"], right["differences"]) == (1, 2, [])
    assert (right["languages"], right["files"]) == (["en"], ["lexicon.en.tsv"])
    path = checkout[0].data_dir / "lexicons" / "lexicon.en.tsv"
    path.write_text(path.read_text() + "kpmg\tK EY1\tAsk KPMG.\n")
    (row,) = check_texts(*checkout)["differences"]
    assert (row["term"], row["line"], row["where"]) == ("kpmg", 2, "carrier")


def test_the_languages_of_a_voice_are_those_of_its_recordings(checkout: Checkout) -> None:
    workspace, params = checkout
    assert voice_languages(workspace, params) == ["en"]
    more = params.featurize.model_copy(update={"languages": ["ja"]})
    assert voice_languages(workspace, params.model_copy(update={"featurize": more})) == ["en", "ja"]
    rows = [replace(list_recording(f"c{n}", text="x"), language="zh") for n in range(3)]
    write_manifest(workspace.manifest, rows)
    assert voice_languages(workspace, params) == ["zh"]
    workspace.manifest.unlink()
    assert voice_languages(workspace, params) == ["en"]
