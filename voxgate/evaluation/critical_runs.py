"""Which characters must not change in languages that write no spaces between words.

Numbers with what they count, dates, noon and midnight, and negations. Names are written like other
words there, so they are none of these: whoever writes a prompt adds them. The lists are closed;
what they get wrong in a prompt is corrected in the prompt file, whose content is what counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

__all__ = ["RUN_LANGUAGES", "critical_runs", "find_runs"]


@dataclass(frozen=True)
class _Runs:
    """The lists of one language, as alternatives of regular expressions.

    `numerals` are the characters of numbers, `one` is the one that is also an article: alone it
    counts only where the text writes a digit. `before` and `behind` belong to a number that they
    touch. `words` are critical by themselves. `others` hold such characters and mean something
    else; they are looked for first.
    """

    numerals: str
    one: str
    before: str
    behind: str
    words: str
    others: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        number = f"[{self.numerals}]+(?:[点點・.][{self.numerals}]+)?"
        return re.compile(
            f"(?P<other>{self.others})|(?P<run>{self.words}"
            f"|(?:{self.before})?(?P<number>{number})(?:{self.behind})?)"
        )


def critical_runs(text: str, normalised: str, language: str) -> tuple[str, ...]:
    """Return the runs of characters of `normalised` that must not change, in order.

    >>> critical_runs("别付350元。", "别付三百五十元。", "zh")
    ('别', '三百五十元')
    """
    return tuple(normalised[start:end] for start, end in find_runs(text, normalised, language))


def find_runs(text: str, normalised: str, language: str) -> Sequence[tuple[int, int]]:
    """Return where those runs begin and end."""
    rules = _RUNS[language]
    has_digits = any(map(str.isdigit, text))
    return [
        match.span("run")
        for match in rules.pattern.finditer(normalised)
        if match["run"] and (has_digits or match["run"] != rules.one)
    ]


_CHINESE = _Runs(
    numerals="零〇一二两三四五六七八九十百千万亿半幺",
    one="一",
    before="第|负|百分之|千分之|周|星期|礼拜",
    behind="年|月|日|号|点半|点钟|点|分钟|分|秒|元|块钱|块|角|毛|美元|美金|欧元|英镑|日元|港币|度|成|折|岁",
    words="中午|正午|半夜|午夜|凌晨|周末|星期天|星期日|礼拜天|周日|没有|没|不|别|未|无|勿|莫|非",
    others=(
        "下一|上一|一起|一样|一下|一直|一定|一些|一般|一边|一切|一共|一旦|一点儿|一会儿|一旁|一路|一向|统一|唯一|"
        "万一|千万|十分|百姓|百货|三明治|四川|四周|五官|半天|半路|一半|七嘴八舌|乱七八糟|九寨沟|三角|"
        "不过|不但|不仅|不管|不论|不如|不断|不久|不少|不同|不错|差不多|对不起|了不起|不好意思|不得不|"
        "别人|特别|区别|分别|个别|级别|性别|告别|别的|别墅|无论|无线|无数|未来|非常|除非|非洲|是非|"
        "沉没|淹没|没收"
    ),
)
_CANTONESE = _Runs(
    numerals="零〇一二兩三四五六七八九十廿卅百千萬億半",
    one="一",
    before="第|負|百分之|星期|禮拜",
    behind="年|月|日|號|點半|點鐘|點|分鐘|分|秒|蚊|毫|元|美金|歐元|英鎊|日圓|度|成|折|歲",
    words="中午|正午|半夜|凌晨|星期日|禮拜日|冇|唔|未|咪|無|不|非|莫",
    others=(
        "一齊|一樣|一直|一定|一啲|一般|一陣|一路|統一|萬一|千祈|十分|百貨|三文治|四川|半日|一半|"
        "唔該|對唔住|唔好意思|差唔多|唔通|不過|不如|不斷|未來|非常|除非|無論|無綫"
    ),
)
_JAPANESE = _Runs(
    numerals="0123456789〇零一二三四五六七八九十百千万億半",
    one="一",
    before="第|マイナス|午前|午後",
    behind="年|月|日|時半|時間|時|分|秒|円|ドル|ユーロ|ポンド|パーセント|割引|割|度|歳|回|個|人|名|枚|本|階|番",
    words=(
        "正午|深夜|真夜中|[月火水木金土日]曜|"
        "(?:ゼロ|レー|イチ|ニー|サン|ヨン|ゴー|ロク|ナナ|ハチ|キュー){2,}|ゼロ|"
        "ませんでした|ません|なかった|なければ|"
        "(?<![少危幼切汚])ない|ずに|なくて|(?:で|じゃ)は?なく|禁止|不可"
    ),
    others=(
        "一緒|一番|一般|一部|一応|一生|一見|一方|一旦|一体|一切|統一|唯一|万一|万が一|十分|百貨店|八百屋|"
        "千葉|三角|四角|四国|九州|六本木|三重|七夕|半袖|つまらない|くだらない|もったいない|さりげない|"
        "とんでもない|しかたない|かもしれない|かもしれません|すみません|に違いない|ではないか|じゃないか"
    ),
)
_RUNS: Mapping[str, _Runs] = {"zh": _CHINESE, "yue": _CANTONESE, "ja": _JAPANESE}
RUN_LANGUAGES = tuple(_RUNS)
