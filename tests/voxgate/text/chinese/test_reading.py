from __future__ import annotations

from pathlib import Path

from voxgate.text.chinese.polyphone_network import polyphone_network
from voxgate.text.chinese.reading import find_readings, read_clause

CASES = Path(__file__).parents[3] / "cases" / "languages"


class Always:
    """A model that knows one character, and one reading."""

    digest = "always"

    def knows(self, character: str) -> bool:
        return character == "圜"

    def read(self, sentence: str, places: object) -> tuple[str, ...]:
        assert sentence == "前，他圜了，后"
        return ("yuan2",)


def test_a_model_is_asked_with_the_sentence_where_nothing_else_knows() -> None:
    found = find_readings("他圜了", model=Always(), around=("前，", "，后"))
    assert found[1] == ("yuan2", "model")
    assert found[2] == ("le5", "rule")


def test_a_users_word_is_left_alone_by_tones() -> None:
    words, syllables = read_clause("你好", spans=[(0, ("ni3", "hao3"))], model=polyphone_network())
    assert [syllable.pinyin for syllable in syllables] == ["ni3", "hao3"]
    assert [word.text for word in words] == ["你好"]


def test_everyday_characters_are_read_right() -> None:
    right, rows = 0, 0
    for line in (CASES / "zh_polyphones.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        sentence, place, readings = line.split("\t")
        start = max(sentence.rfind(mark, 0, int(place)) for mark in "，。") + 1
        clause = sentence[start:].split("，")[0].split("。")[0]
        found = find_readings(clause, model=polyphone_network())
        rows += 1
        right += found[int(place) - start][0] in readings.split("|")
    assert rows == 119
    assert right >= 116


def test_characters_in_encyclopedias_are_read_right() -> None:
    right, rows = 0, 0
    for line in (CASES / "cpp" / "every_tenth.tsv").read_text(encoding="utf-8").splitlines():
        reading, marked = line.split("\t")
        before, character, after = marked.split("▁")
        head = before.rpartition("，")[2].rpartition("。")[2]
        clause = head + character + after.partition("，")[0].partition("。")[0]
        around = (before[: len(before) - len(head)], after[len(clause) - len(head) - 1 :])
        found = find_readings(clause, model=polyphone_network(), around=around)
        rows += 1
        right += found[len(head)][0] == reading.replace("u:", "v")
    assert rows == 1026
    assert right / rows >= 0.965
