from __future__ import annotations

import pytest

from voxgate.text.chinese.wording import MANDARIN
from voxgate.text.han.codes import speak_codes, speak_versions


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("010-62345678", "零幺零,六二三四五六七八"),
        ("13812345678", "幺三八幺二三四五六七八"),
        ("138-1234-5678", "幺三八,幺二三四,五六七八"),
        ("400-800-1234", "四零零,八零零,幺二三四"),
        ("+86 13812345678", "加八六,幺三八幺二三四五六七八"),
        ("拨110", "拨幺幺零"),
        ("密码是1234", "密码是幺二三四"),
        ("1502室", "幺五零二室"),
        ("转500元", "转500元"),
        ("3-2-101", "三,二,幺零幺"),
        ("120km", "120km"),
    ],
)
def test_speak_codes(written: str, said: str) -> None:
    assert speak_codes(written, MANDARIN) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [("2.10.3", "二点一零点三"), ("3.14", "3.14")],
)
def test_speak_versions(written: str, said: str) -> None:
    assert speak_versions(written, MANDARIN) == said
