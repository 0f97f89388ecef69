from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.evaluation.critical import critical_words
from voxgate.evaluation.critical_runs import RUN_LANGUAGES, critical_runs


@pytest.mark.parametrize(
    ("language", "text", "normalised", "expected"),
    [
        ("zh", "他3月14日付了350元。", "他三月十四日付了三百五十元。", "三月|十四日|三百五十元"),
        ("zh", "涨了2.5%", "涨了百分之二点五", "百分之二点五"),
        ("zh", "周一休息，别来。", "周一休息,别来.", "周一|别"),
        ("zh", "我没有去，也不想去。", "我没有去,也不想去.", "没有|不"),
        ("zh", "不过他一直特别忙。", "不过他一直特别忙.", ""),
        ("zh", "买一个", "买一个", ""),
        ("zh", "买1个", "买一个", "一"),
        ("zh", "千万别忘，十分重要", "千万别忘,十分重要", "别"),
        ("zh", "等三十分钟", "等三十分钟", "三十分钟"),
        ("yue", "佢唔要3蚊", "佢唔要三蚊", "唔|三蚊"),
        ("yue", "唔該，對唔住", "唔該,對唔住", ""),
        ("ja", "3月14日の夜11時半に", "3月14日の夜11時半に", "3月|14日|11時半"),
        ("ja", "行かないでください。", "行かないでください.", "ない"),
        ("ja", "少ないが危ないかもしれない", "少ないが危ないかもしれない", ""),
        ("ja", "350円払いません。", "350円払いません.", "350円|ません"),
        ("ja", "予約番号は4207です。", "予約番号はヨンニーゼロナナです.", "ヨンニーゼロナナ"),
        ("ja", "70番ではなく17番", "70番ではなく17番", "70番|ではなく|17番"),
        ("zh", "下一班7点开", "下一班七点开", "七点"),
        ("ja", "月曜、一緒に", "月曜,一緒に", "月曜"),
    ],
)
def test_numbers_dates_and_negations_are_found_in_order(
    language: str, text: str, normalised: str, expected: str
) -> None:
    found = critical_words(text, normalised, language)
    assert "|".join(found) == expected
    assert found == critical_runs(text, normalised, language)


def test_a_language_without_a_list_says_so_and_what_to_do() -> None:
    with pytest.raises(TextError, match=r"'ko': there are lists for en, zh, yue, ja; write one"):
        critical_words("안 가요", "안 가요", "ko")
    assert RUN_LANGUAGES == ("zh", "yue", "ja")
