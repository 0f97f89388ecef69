from __future__ import annotations

import json
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from voxgate.errors import TextError
from voxgate.pretraining.speech import everyday
from voxgate.pretraining.speech.corpus_folder import CORPUS_SEED
from voxgate.pretraining.speech.everyday import EVERYDAY_LANGUAGES, everyday_sentences, letters_of
from voxgate.pretraining.speech.kana import JapanesePhonemizer
from voxgate.pretraining.speech.mandarin import MandarinPhonemizer

ROOT = Path(__file__).parents[4]
COUNT = 600


def first(language: str, seed: int = 1, count: int = COUNT) -> list[str]:
    return [one.text for one in islice(everyday_sentences(seed, language), count)]


@pytest.mark.parametrize("language", EVERYDAY_LANGUAGES)
def test_sentences_are_many_different_and_the_same_again(language: str) -> None:
    texts = first(language)
    assert texts == first(language)
    assert len({letters_of(text) for text in texts}) == COUNT
    assert texts[:20] != first(language, seed=2, count=20)
    kinds = Counter(one.kind for one in islice(everyday_sentences(1, language), COUNT))
    assert kinds.keys() == {"random", *everyday._WEIGHTS}


@pytest.mark.parametrize("language", EVERYDAY_LANGUAGES)
def test_the_teacher_can_read_all_of_them(language: str) -> None:
    reader = {"zh": MandarinPhonemizer, "ja": JapanesePhonemizer}[language]()
    assert all(reader.pieces(text) for text in first(language))


def test_four_hundred_chinese_sentences_have_most_syllables_of_speech() -> None:
    from pypinyin import Style, lazy_pinyin

    texts = "".join(first("zh", seed=CORPUS_SEED, count=400))
    chinese = "".join(one for one in texts if "\u4e00" <= one <= "\u9fff")
    assert len(set(lazy_pinyin(chinese))) >= 330
    assert len(set(lazy_pinyin(chinese, style=Style.TONE3))) >= 700


def test_four_hundred_japanese_sentences_have_every_common_mora() -> None:
    import pyopenjtalk

    texts = first("ja", seed=CORPUS_SEED, count=400)
    nodes = [pyopenjtalk.run_frontend(text, use_sudachi_kanji_yomi=False) for text in texts]
    spoken = "".join(node["pron"] for one in nodes for node in one)
    common = (
        "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
    )
    assert not set(common + "ガギグゲゴザジズゼゾダデドバビブベボパピプペポッ") - set(spoken)


@pytest.mark.parametrize("language", EVERYDAY_LANGUAGES)
def test_no_sentence_is_a_prompt_or_a_test_case(language: str) -> None:
    asked = set()
    for path in (
        ROOT / "benchmark" / f"prompts.{language}.jsonl",
        *(ROOT / "tests" / "cases" / "languages").glob("*.jsonl"),
    ):
        lines = path.read_text(encoding="utf-8").splitlines()
        asked |= {letters_of(json.loads(line)["text"]) for line in lines}
    for seed in (1, CORPUS_SEED):
        assert not asked & {letters_of(text) for text in first(language, seed=seed, count=2000)}


def test_excluded_sentences_are_left_out() -> None:
    texts = first("zh", count=5)
    excluded = frozenset({letters_of(texts[2])})
    rest = islice(everyday_sentences(1, "zh", excluded=excluded), 4)
    assert texts[2] not in [one.text for one in rest]


def test_a_slot_that_is_not_known_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    everyday._templates.cache_clear()
    monkeypatch.setattr(everyday, "_lines", lambda *_: ["plain\t{strange}。"])
    monkeypatch.setattr(everyday, "_slots", lambda _: {})
    with pytest.raises(TextError, match="unknown slot 'strange'"):
        everyday._templates("zh")
    everyday._templates.cache_clear()
