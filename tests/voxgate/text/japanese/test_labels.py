"""Phonemes with marks of accent, from labels."""

from __future__ import annotations

from voxgate.text.japanese.analysis import analyse, make_labels
from voxgate.text.japanese.labels import Sound, sounds_of_labels


def symbols(text: str, *, accents: bool) -> list[str]:
    sounds = sounds_of_labels(make_labels(analyse(text, {})))
    return [s for sound in sounds for s in (sound.with_accent() if accents else sound.plain())]


def test_rises_falls_and_borders_stand_behind_their_moras() -> None:
    assert symbols("雨が降る", accents=True) == "a ] m e g a UNK f u ] r u".split()
    assert symbols("飴を食べる", accents=True)[:7] == "a [ m e o UNK t".split()


def test_the_first_table_has_devoiced_vowels_and_no_marks() -> None:
    assert symbols("好きです", accents=False) == "s U k i d e s U".split()
    assert symbols("好きです", accents=True) == "s u [ k i ] d e s u".split()


def test_phonemes_that_no_table_holds_are_written_with_others() -> None:
    assert Sound("kw").plain() == ("k", "w")
    assert Sound("pau").with_accent() == ("_",)
    assert Sound("pau").plain() == ()


def test_auxiliary_verbs_are_phrases_of_their_own_as_they_were_trained() -> None:
    assert symbols("食べている", accents=True) == "t a ] b e t e UNK i [ r u".split()
    assert symbols("勉強する", accents=True) == "b e [ N ky o o UNK s u [ r u".split()
