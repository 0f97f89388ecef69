from __future__ import annotations

from voxgate.text.korean.morphemes import analyser_version, morphemes_of


def test_places_are_those_of_the_text() -> None:
    text = "나는 학교에 갔다. " * 400
    found = morphemes_of(text)
    assert all(text[m.start : m.end].strip() == text[m.start : m.end] for m in found)
    assert [m.start for m in found] == sorted(m.start for m in found)
    assert "".join(text[m.start : m.end] for m in found) == text.replace(" ", "")


def test_contracted_morphemes_have_parts() -> None:
    (morpheme,) = morphemes_of("갈게")
    assert (morpheme.tags, morpheme.parts) == (("VV", "EC"), ("가", "ᆯ게"))


def test_kinds() -> None:
    noun, particle = morphemes_of("학교에서")
    assert (noun.nominal, noun.particle) == (True, False)
    assert (particle.nominal, particle.particle) == (False, True)


def test_hanja_have_readings() -> None:
    assert morphemes_of("葛藤")[0].reading == "갈등"


def test_versions_are_named() -> None:
    assert analyser_version().startswith("python-mecab-ko 1.")
    assert "python-mecab-ko-dic 2." in analyser_version()
