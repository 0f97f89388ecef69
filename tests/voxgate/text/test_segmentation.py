from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxgate.errors import TextError
from voxgate.text.inline_readings import lift
from voxgate.text.segmentation import part_by_language

ROWS = Path(__file__).parents[2] / "cases" / "languages" / "mixed.jsonl"
ALLOWED = {"auto": ("zh", "ja", "ko", "en"), "auto_yue": ("yue", "ja", "ko", "en")}
UNREACHED: dict[str, str] = {}


def _parts(text: str, primary: str, *further: str) -> list[tuple[str, str]]:
    spans = part_by_language(text, primary=primary, allowed=(primary, *further, "en"))
    return [(span.language, span.text.strip()) for span in spans]


def test_rows_of_mixed_text() -> None:
    wrong = {}
    for row in map(json.loads, ROWS.read_text(encoding="utf-8").splitlines()):
        mode = row["mode"].removeprefix("all_")
        allowed = ALLOWED.get(mode, (mode, "en"))
        got = part_by_language(row["text"], primary=allowed[0], allowed=allowed)
        wanted = [
            (language, text.strip(".") and text.strip()) for language, text in row["segments"]
        ]
        found = [(span.language, span.text.strip()) for span in got]
        if row.get("short_text_prefix"):  # upstream's lead-in is no part of the text
            wanted = [(language, text.lstrip(".")) for language, text in wanted]
        if found != wanted:
            wrong[row["id"]] = f"{row['text']}: {found}"
    assert wrong.keys() == UNREACHED.keys(), wrong


@pytest.mark.parametrize(
    ("text", "primary", "parts"),
    [
        ("我买了iPhone 15台。", "zh", [("zh", "我买了"), ("en", "iPhone"), ("zh", "15台。")]),
        (
            "他说 I have 3 apples 走了",
            "zh",
            [("zh", "他说"), ("en", "I have 3 apples"), ("zh", "走了")],
        ),
        ("气温-5℃，$20约140元，USD 30。", "zh", [("zh", "气温-5℃，$20约140元，USD 30。")]),
        ("4K動画を5Gで", "ja", [("en", "4K"), ("ja", "動画を"), ("en", "5G"), ("ja", "で")]),
        ("A4 용지 3장.", "ko", [("en", "A4"), ("ko", "용지 3장.")]),
        ("大韓民國", "ko", [("ko", "大韓民國")]),
        ("12345", "zh", [("zh", "12345")]),
        ("Only English here, 5 words.", "zh", [("en", "Only English here, 5 words.")]),
    ],
)
def test_parts(text: str, primary: str, parts: list[tuple[str, str]]) -> None:
    assert _parts(text, primary) == parts


def test_tags_and_readings_say_the_language() -> None:
    assert _parts("我说<ja>大丈夫</ja>。", "zh", "ja") == [
        ("zh", "我说"),
        ("ja", "大丈夫"),
        ("zh", "。"),
    ]
    text, inline = lift("去{银行|yin2 hang2}找{Siobhan|SH AH0 V AO1 N}")
    spans = part_by_language(text, primary="zh", allowed=("zh", "en"), inline=inline)
    assert [span.language for span in spans] == ["zh", "en"]


@pytest.mark.parametrize(
    ("text", "primary", "named"),
    [
        ("你好안녕", "zh", "'안녕' at character 3 is Korean"),
        ("你好かな", "zh", "'かな' at character 3 is Japanese"),
        ("안녕ひらがな", "ko", "Japanese"),
        ("<yue>係</yue>", "zh", "Cantonese"),
    ],
)
def test_a_language_that_the_voice_lacks_is_refused_by_name(
    text: str, primary: str, named: str
) -> None:
    with pytest.raises(TextError, match=named):
        _parts(text, primary)


@given(st.text(st.sampled_from("中们込嘅あ가aB3.,-$%。！ \n5km"), max_size=40))
def test_every_character_is_in_one_span_in_order(text: str) -> None:
    spans = part_by_language(text, primary="zh", allowed=("zh", "ja", "yue", "ko", "en"))
    assert "".join(span.text for span in spans) == text
    assert [span.start for span in spans] == [
        sum(len(span.text) for span in spans[:index]) for index in range(len(spans))
    ]


@pytest.mark.parametrize("unit", ["a1", "1 ", "中a", "a@", "$", "中", "a-"])
def test_a_long_text_without_a_mark_stays_linear(unit: str) -> None:
    started = time.process_time()
    part_by_language(unit * (20_000 // len(unit)), primary="zh", allowed=("zh", "ja", "en"))
    assert time.process_time() - started < 5
