from __future__ import annotations

from voxgate.text.korean.morphemes import morphemes_of
from voxgate.text.korean.syllables import split
from voxgate.text.korean.words import marked_words, marks_in


def kinds(text: str) -> list[tuple[int, str]]:
    return [(mark.place, mark.kind) for mark in marks_in(text, morphemes_of(text))]


def test_every_mark_stands_where_it_can_be_heard() -> None:
    for word, marks in marked_words().items():
        for mark in marks:
            lead, before = split(word[mark.place]).lead, split(word[mark.place - 1])
            assert mark.place > 0, word
            if mark.kind == "'":
                assert lead in "ㄱㄷㅂㅅㅈ", word
            else:
                assert before.tail, word
                assert lead == "ㅇ" or word == "맏형", word


def test_words_are_found_in_longer_ones() -> None:
    assert kinds("문법") == [(1, "'")]
    assert kinds("문법을") == [(1, "'")]
    assert kinds("한여름에") == [(1, "+")]


def test_verbs_and_particles_are_not_taken_for_words() -> None:
    assert kinds("물가") == [(1, "'")]
    assert kinds("사과는") == []
    assert kinds("") == []
