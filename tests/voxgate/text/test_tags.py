from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.text.tags import Tagged, has_tags, part_by_tags


def test_parts_know_their_place_and_their_language() -> None:
    assert part_by_tags("中<ja>大丈夫</ja>文") == [
        Tagged("中", 0, None),
        Tagged("大丈夫", 5, "ja"),
        Tagged("文", 13, None),
    ]
    assert part_by_tags("plain <b>text</b>") == [Tagged("plain <b>text</b>", 0, None)]
    assert has_tags("<yue>係</yue>")
    assert not has_tags("<b>x</b>")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("<ja>大丈夫", "not closed"),
        ("大丈夫</ja>", "opening tag"),
        ("<ja>a<zh>b</zh></ja>", "</ja>"),
        ("<ja>a</zh>", "</ja>"),
    ],
)
def test_a_misplaced_tag_is_named(text: str, named: str) -> None:
    with pytest.raises(TextError, match=named):
        part_by_tags(text)
