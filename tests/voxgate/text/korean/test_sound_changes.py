"""The 254 words of the Standard, and sentences whose pronunciation its sections give."""

from __future__ import annotations

from pathlib import Path

import pytest

from voxgate.text.korean.front_end import open_korean
from voxgate.text.korean.syllables import is_hangul, phones_of, split
from voxgate.text.symbols import symbol_table

WORDS = Path("tests/cases/languages/ko_standard_words.tsv")
FRONT_END = open_korean(symbol_table("v2"), lexicon=None)
READ_AS_THE_OTHER_WORD = {"신고"}
"""신고 without a sentence is the report, not the verb: 신을 신고 is read right below."""


def phones(text: str) -> str:
    words = FRONT_END.read(text).words
    return "".join(phone for word in words for phone in word.phones).replace("空", "")


def as_pronounced(spoken: str) -> str:
    return "".join("".join(phones_of(split(char))) for char in spoken if is_hangul(char))


def test_words_of_the_standard() -> None:
    lines = WORDS.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    wrong = {word for word, spoken in rows if phones(word) != as_pronounced(spoken)}
    assert len(rows) == 254
    assert wrong == READ_AS_THE_OTHER_WORD


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("신을 신고 나갔다", "시늘 신꼬 나갇따"),
        ("아기를 안고 잤다", "아기를 안꼬 잗따"),
        ("꽃이 피었다", "꼬치 피얻따"),
        ("부엌에서 읽는다", "부어케서 잉는다"),
        ("못 해요", "모태요"),
        ("책 한 권", "채칸권"),
        ("옷 한 벌", "오탄벌"),
        ("할 수 있을 거예요", "할쑤이쓸꺼예요"),
        ("기다릴게요", "기다릴께요"),
        ("여기 살게요", "여기살께요"),
        ("갈지 말지", "갈찌말지"),
        ("들을수록", "드를쑤록"),
        ("몇 시예요", "멷씨예요"),
        ("값도 없는", "갑또엄는"),
        ("닭도 흙과", "닥또흑꽈"),
        ("읽고 읽지", "일꼬익찌"),
        ("여덟 개", "여덜개"),
        ("넓적하다", "넙쩌카다"),
        ("외곬으로", "외골쓰로"),
        ("어떻게 그렇지", "어떠케그러치"),
        ("괜찮아요", "괜차나요"),
        ("싫어요", "시러요"),
        ("닫혔다", "다첟따"),
        ("붙여 주세요", "부처주세요"),
        ("꽂혀 있다", "꼬처읻따"),
        ("낮 한때", "나탄때"),
        ("희망을 가져요", "히망을가저요"),
        ("우리의 주의", "우리의주의"),
        ("사람의 무늬", "사라믜무니"),
        ("음료수", "음뇨수"),
        ("종로에서", "종노에서"),
        ("신문로", "신문노"),
        ("테헤란로", "테헤란노"),
        ("통신료", "통신뇨"),
        ("교통 혼란", "교통홀란"),
        ("연료", "열료"),
        ("십육 층", "심뉵층"),
        ("백육십", "뱅뉵씹"),
        ("칠십팔", "칠씹팔"),
        ("일주일 동안", "일쭈일동안"),
        ("현충일 기념일", "현충일기녀밀"),
        ("신혼여행", "신혼녀행"),
        ("한국인", "한구긴"),
        ("가능성이 높은 성격", "가능썽이노픈성껵"),
        ("물고기와 눈사람", "물꼬기와눈싸람"),
        ("발전소에서 활동", "발쩐소에서활똥"),
        ("절절한", "절절한"),
        ("첫인상", "처딘상"),
        ("맛있어요 맛없어요", "마시써요마덥써요"),
        ("값어치", "가버치"),
        ("늦여름", "는녀름"),
        ("논일 밭일", "논닐반닐"),
        ("따뜻한 볶음밥", "따뜨탄보끔밥"),
    ],
)
def test_pronunciation_in_sentences(text: str, spoken: str) -> None:
    assert phones(text) == as_pronounced(spoken)


def test_rules_do_not_cross_marks() -> None:
    assert phones("옷, 안") == "ㅇㅗㄷ,ㅇㅏㄴ"
    assert phones("독립. 기념") == "ㄷㅗㅇㄴㅣㅂ.ㄱㅣㄴㅣㅓㅁ"
