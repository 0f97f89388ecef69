"""Readings that a user writes: katakana, with `'` where the voice falls."""

from __future__ import annotations

from voxgate.text.japanese.kana import katakana, moras

__all__ = ["NOTATION", "read_notation"]

NOTATION = "katakana as pronounced, with ' behind the mora after which the voice falls, as in ハ'シ"


def read_notation(reading: str) -> tuple[str, int, int] | None:
    """Return katakana, the mora of the accent and how many moras there are; None where it is none.

    Without `'` the voice never falls. Hiragana is taken for katakana.
    """
    head, fall, tail = katakana(reading.strip()).partition("'")
    found = moras(head + tail)
    if found is None or (fall and not head):
        return None
    before = moras(head) if fall else ()
    if before is None or found[: len(before)] != before:
        return None
    return head + tail, len(before), len(found)
