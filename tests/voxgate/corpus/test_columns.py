"""Columns of lists whose texts have no spaces; the others are told by whole lists (list_files)."""

from __future__ import annotations

from voxgate.corpus.columns import ID, SPEAKER, SPOKEN, TEXT, infer_roles


def test_a_text_and_its_spoken_form_are_told_by_their_characters() -> None:
    listed = [
        ("a1", "他有3个苹果。", "他有三个苹果。"),
        ("a2", "今天是5月1日。", "今天是五月一日。"),
    ]
    assert infer_roles(listed) == (ID, TEXT, SPOKEN)


def test_a_name_of_few_characters_is_who_speaks() -> None:
    listed = [
        ("b1", "王小明", "今天天气很好。"),
        ("b2", "王小明", "我们去公园吧。"),
        ("b3", "李华", "你们要去哪里？"),
    ]
    assert infer_roles([(one, said, who) for one, who, said in listed]) == (ID, TEXT, SPEAKER)
