from __future__ import annotations

import pytest

from voxgate.text.segmentation import part_by_language

EVERY = ("zh", "ja", "yue", "ko", "en")


@pytest.mark.parametrize(
    ("text", "primary", "languages"),
    [
        ("東京", "zh", ["zh"]),
        ("東京", "ja", ["ja"]),
        ("東京に行きたい，你呢？", "zh", ["ja", "zh"]),
        ("我哋今日去。", "yue", ["yue"]),
        ("我今日去公园。", "yue", ["yue"]),  # Cantonese writes the words of Chinese too
        ("検索結果一覧", "zh", ["ja"]),
        ("彼は中国人です，我是日本人。", "zh", ["ja", "zh"]),
        ("今天喜欢まいご吗", "zh", ["zh", "ja", "zh"]),
    ],
)
def test_the_clause_tells(text: str, primary: str, languages: list[str]) -> None:
    spans = part_by_language(text, primary=primary, allowed=EVERY)
    assert [span.language for span in spans] == languages
