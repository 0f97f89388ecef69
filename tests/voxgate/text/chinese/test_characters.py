from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.text.chinese.characters import plain_characters


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("１２ＡＢ％", "12AB%"),
        ("“你好”‘吗’《书》【注】", "你好吗书注"),
        ("10⁻³m²", "10^-3m²"),
        ("①⑩Ⅳ㈠㊣", "11041正"),
        ("¾", " 3/4 "),
        ("<<三体>>", "三体"),
        ("5–6", "5—6"),
        ("好☀️👨‍👩‍👧‍👦", "好"),
        ("\ue000", "\ue000"),
        ("豈", "豈"),
    ],
)
def test_folds_widths_and_variants(written: str, plain: str) -> None:
    assert plain_characters(written) == plain


def test_names_what_has_no_reading() -> None:
    with pytest.raises(TextError, match=r"'א' \(U\+05D0 HEBREW LETTER ALEF\) at character 2"):
        plain_characters("好א")
