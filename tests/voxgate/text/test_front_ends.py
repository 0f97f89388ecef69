from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.front_end import SyllableFrontEnd
from voxgate.errors import ConfigError, TextError
from voxgate.text.front_end import FrontEnd
from voxgate.text.front_ends import LANGUAGES, fold_characters, open_front_end, require_language
from voxgate.text.symbols import PUNCTUATION, symbol_table

TEXTS = {
    "en": "Dr. Smith paid $12.50, twice!",
    "zh": "史先生付了12.5元，两次！",
    "ja": "スミスさんは12.5ドルを、二回払った！",
    "yue": "史先生俾咗12.5蚊，兩次呀！",
    "ko": "스미스 씨는 12.5달러를, 두 번 냈다!",
    "syllables": "Ni hao, ni hao ma?",
}
FOLDED = {"en": ("“1” ½", '"1" 1/2'), "zh": ("１２％", "12%"), "ja": ("ｶﾞ１２", "ガ12")}
FOLDED |= {"yue": ("１２％", "12%"), "ko": ("１２％", "12%")}


@pytest.fixture(params=TEXTS)
def text_and_front_end(request: pytest.FixtureRequest) -> tuple[str, FrontEnd]:
    name = request.param
    return TEXTS[name], SyllableFrontEnd() if name == "syllables" else open_front_end(name)


def test_every_language_is_held_to_the_contract() -> None:
    assert set(TEXTS) == {*LANGUAGES, "syllables"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_that_is_named_opens_and_folds(language: str) -> None:
    assert open_front_end(language).normalise(TEXTS[language])
    written, folded = FOLDED[language]
    assert fold_characters(language, written) == folded


def test_normalised_text_is_normalised(text_and_front_end: tuple[str, FrontEnd]) -> None:
    text, front_end = text_and_front_end
    spoken = front_end.normalise(text)
    assert front_end.normalise(spoken) == spoken
    assert front_end.read(text) == front_end.read(spoken)
    assert front_end.read(text).text == spoken


def test_what_cannot_be_spoken_is_empty(text_and_front_end: tuple[str, FrontEnd]) -> None:
    _, front_end = text_and_front_end
    assert front_end.normalise("...") == ""
    assert (front_end.read("...").text, front_end.units("...")) == ("", ())


def test_all_phonemes_are_in_the_table_and_marks_are_themselves(
    text_and_front_end: tuple[str, FrontEnd],
) -> None:
    text, front_end = text_and_front_end
    words = front_end.read(text).words
    assert all(phone in front_end.symbols for word in words for phone in word.phones)
    marks = [word for word in words if word.word in PUNCTUATION]
    assert len(marks) == 2
    assert all(word.phones == (word.word,) for word in marks)


def test_units_do_not_depend_on_case_and_marks(
    text_and_front_end: tuple[str, FrontEnd],
) -> None:
    text, front_end = text_and_front_end
    spoken = front_end.normalise(text)
    plain = "".join(character for character in spoken if character not in PUNCTUATION - {"-"})
    assert front_end.units(plain.lower()) == front_end.units(text)
    assert len(front_end.units(text)) > front_end.shared_run > 1


def test_the_dictionary_has_a_name(text_and_front_end: tuple[str, FrontEnd]) -> None:
    assert len(text_and_front_end[1].dictionary_digest) == 64


@pytest.mark.parametrize("use", [open_front_end, require_language])
def test_other_languages_are_refused_with_those_that_exist(use: object) -> None:
    with pytest.raises(
        TextError,
        match=r"language 'xx' has no text front end; there are: en, .*\. Name one of these where",
    ):
        use("xx")  # type: ignore[operator]


def test_a_front_end_has_the_table_and_the_lexicon_that_it_was_opened_with(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.txt"
    path.write_text("kettle\tB AO1 L\n")
    front_end = open_front_end("en", symbols=symbol_table("v1"), lexicons={"en": path})
    assert front_end.symbols.name == "v1"
    assert front_end.read("kettle").words[0].phones == ("B", "AO1", "L")
    path.write_text("kettle\tB AO9 L\n")
    with pytest.raises(ConfigError, match="unknown phonemes AO9"):
        open_front_end("en", lexicons={"en": path})


def test_a_language_is_not_imported_before_it_is_opened() -> None:
    program = (
        "import sys, voxgate.text.front_ends, voxgate.text.leakage, voxgate.text.phonemes\n"
        "assert 'voxgate.text.english' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
