from __future__ import annotations

from voxgate.text.chinese.phrases import base_readings, is_known, known_syllables, simplified


def test_phrases_come_before_characters() -> None:
    assert base_readings("银行行") == (("yin2", True), ("hang2", True), ("xing2", False))


def test_rare_characters_are_known_or_not() -> None:
    assert is_known("㛃")
    assert not is_known("한")


def test_scripts_are_folded_character_by_character() -> None:
    assert simplified("頭髮") == "头发"
    assert all(len(simplified(word)) == len(word) for word in ("乾杯", "裏面", "滑鼠", "計程車"))


def test_syllables_have_no_tones() -> None:
    assert {"zhong", "lv", "er"} <= known_syllables()
    assert "fiang" not in known_syllables()
