from __future__ import annotations

import pytest

from voxgate.adapters.base_voice.written_words import WrittenText, read_written
from voxgate.errors import TextError
from voxgate.text.front_end import FrontEnd
from voxgate.text.front_ends import open_front_end


@pytest.fixture(scope="module")
def english() -> FrontEnd:
    return open_front_end("en")


def phones_of(found: WrittenText, english: FrontEnd) -> list[tuple[str, str]]:
    names = [english.symbols.symbols[phone] for phone in found.phones]
    return [(word.word, " ".join(names[word.first : word.last])) for word in found.words]


def test_each_word_has_its_own_phones_and_marks_are_nobodys(english: FrontEnd) -> None:
    found = read_written("Stop, dog!", english)

    assert phones_of(found, english) == [("Stop,", "S T AA1 P"), ("dog!", "D AO1 G")]
    assert [
        english.symbols.symbols[phone] for phone in found.phones
    ] == "S T AA1 P , D AO1 G !".split()


def test_number_has_the_phones_of_all_words_that_it_is_spoken_as(english: FrontEnd) -> None:
    (cost, number, dogs) = phones_of(read_written("Cost 25 dogs", english), english)

    assert cost[1] in {"K AA1 S T", "K AO1 S T"}
    assert number[1].startswith("T W EH1 N T IY0")
    assert number[1].endswith("F AY2 V")
    assert dogs[1] in {"D AA1 G Z", "D AO1 G Z"}


def test_every_phone_of_a_word_is_somebodys_where_words_are_spoken_together(
    english: FrontEnd,
) -> None:
    text = "It costs $5.50 on Jan. 3 - not 5 % more"

    found = read_written(text, english)

    assert [word.word for word in found.words] == text.split()
    marks = {english.symbols.id_of(mark) for mark in ",.!?-…"}
    covered = {n for word in found.words for n in range(word.first, word.last)}
    spoken = {n for n, phone in enumerate(found.phones) if phone not in marks}
    assert spoken <= covered
    reached = 0
    for word in found.words:
        assert reached <= word.first <= word.last
        reached = word.last


def test_mark_that_stands_alone_has_no_phones(english: FrontEnd) -> None:
    found = read_written("one - two", english)

    assert found.words[1].first == found.words[1].last


@pytest.mark.parametrize("text", ["", "...", "- -"])
def test_text_without_a_word_is_refused(text: str, english: FrontEnd) -> None:
    with pytest.raises(TextError, match="nothing to speak"):
        read_written(text, english)
