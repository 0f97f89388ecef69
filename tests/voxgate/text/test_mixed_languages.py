"""Real front ends behind one another: rows, and what every span owes the next."""

from __future__ import annotations

import pytest

from scripts.text.rows import front_end_of, load_rows, read_row
from voxgate.text.front_ends import open_front_end
from voxgate.text.mixed import MixedFrontEnd

UNREACHED = {
    "mixed-004": "Wi-Fi is in the dictionary of English; upstream spells it",
    "mixed-077": "upstream loses a comma behind English and ends Korean with a point",
}
ENDS = {"zh": "你好", "ja": "こんにちは", "yue": "你好呀", "ko": "안녕하세요", "en": "Hello"}


def test_rows_of_mixed_text() -> None:
    opened: dict[str, MixedFrontEnd] = {}
    outcomes = [read_row(row, front_end_of(row["mode"], opened)) for row in load_rows("mixed")]
    missed = {o.row["id"]: f"{o.row['text']}: {o.got}" for o in outcomes if not o.is_right}
    assert missed.keys() == UNREACHED.keys(), missed


@pytest.mark.parametrize("language", ENDS)
@pytest.mark.parametrize("mark", list(",.!?"))
def test_a_span_keeps_the_mark_at_its_end(language: str, mark: str) -> None:
    front_end = open_front_end(language).front_end(language)
    assert front_end.normalise(f"{ENDS[language]}{mark}").endswith(mark)
    assert front_end.read(f"{ENDS[language]}{mark}").words[-1].phones == (mark,)
