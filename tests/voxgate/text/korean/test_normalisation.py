from __future__ import annotations

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from voxgate.errors import TextError
from voxgate.text.korean.normalisation import normalise
from voxgate.text.tokens import CURRENCY_CODES, CURRENCY_SIGNS, SIGNS, UNITS

SENTENCES = [
    # menus, prices, shops
    ("아메리카노 2잔이랑 케이크 1조각 주세요.", "아메리카노 두잔이랑 케이크 한조각 주세요."),
    ("총 32,500원입니다.", "총 삼만이천오백원입니다."),
    ("사과 3개에 5천 원", "사과 세개에 오천 원"),
    ("맥주 500cc 2잔", "맥주 오백시시 두잔"),
    ("1+1 행사 중", "원 플러스 원 행사 중"),
    ("50% 할인!!", "오십퍼센트 할인!"),
    ("kg당 5,000원", "킬로그램당 오천원"),
    ("$20, US$19.99, €5", "이십달러, 십구달러 구십구센트, 오유로"),
    ("₩10,000 또는 10,000₩", "만원 또는 만원"),
    ("KRW 1000, 100 USD", "천원, 백달러"),
    # addresses and transport
    ("테헤란로 152, 12층", "테헤란로 백오십이, 십이층"),
    ("우동 1234-5번지", "우동 천이백삼십사 다시 오번지"),
    ("101동 1203호", "백일동 천이백삼호"),
    ("2호선 강남역 11번 출구", "이호선 강남역 십일번 출구"),
    ("142번 버스를 2번 탔다", "백사십이번 버스를 두번 탔다"),
    ("7번 국도, 시속 100km", "칠번 국도, 시속 백킬로미터"),
    ("우편번호 06236", "우편번호 공육이삼육"),
    # sports
    ("한국이 3:2로 이겼다", "한국이 삼 대 이로 이겼다"),
    ("세트 스코어 3-0", "세트 스코어 삼 대 영"),
    ("한국이 21:15로 졌다", "한국이 이십일 대 십오로 졌다"),
    ("2대1 승리", "이대일 승리"),
    ("타율 0.325, 홈런 15개", "타율 영점삼이오, 홈런 열다섯개"),
    ("후반 45분에 2골을 넣었다", "후반 사십오분에 두골을 넣었다"),
    # dates and times
    ("2024-05-01", "이천이십사년 오월 일일"),
    ("2024. 10. 6.(일)", "이천이십사년 시월 육일 일요일"),
    ("6월 10일과 10월 6일", "유월 십일과 시월 육일"),
    ("'98년, '24.5.1", "구십팔년, 이십사년 오월 일일"),
    ("05/01부터", "오월 일일부터"),
    ("오전 10:00 ~ 오후 9:30", "오전 열시에서 오후 아홉시 삼십분"),
    ("22:45, 12:30, 00:30", "이십이시 사십오분, 열두시 삼십분, 영시 삼십분"),
    ("1시간 30분, 24시간", "한시간 삼십분, 이십사시간"),
    ("6·25 전쟁, 3·1절, 12·12 사태", "육이오 전쟁, 삼일절, 십이십이 사태"),
    ("1990년대 20대", "천구백구십년대 이십대"),
    ("6~7월", "유월에서 칠월"),
    # telephones and codes
    ("010-1234-5678", "공일공-일이삼사-오육칠팔"),
    ("02)123-4567", "공이-일이삼-사오육칠"),
    ("1588-1234번", "일오팔팔-일이삼사번"),
    ("01012345678", "공일공일이삼사오육칠팔"),
    ("비밀번호는 1234", "비밀번호는 일이삼사"),
    ("110-123-456789", "일일공-일이삼-사오육칠팔구"),
    ("119에 신고, 112명", "일일구에 신고, 백십이명"),
    ("버전 2.10.3", "버전 이점십점삼"),
    # counters
    ("20명, 21살, 35세", "스무명, 스물한살, 삼십오세"),
    ("3~5명", "세명에서 다섯명"),
    ("5, 6명", "다섯, 여섯명"),
    ("1번째, 5번째", "첫번째, 다섯번째"),
    ("3개월, 5개국, 3개", "삼개월, 오개국, 세개"),
    ("정답은 3번", "정답은 삼번"),
    ("100장, 99장", "백장, 아흔아홉장"),
    ("제1장 2권", "제일장 두권"),
    ("차 20대, 20대 청년", "차 스무대, 이십대 청년"),
    ("3달, 3달러", "세달, 삼달러"),
    ("30여 명", "삼십여 명"),
    ("버스 7-1번, 2반 15번", "버스 칠 다시 일번, 이반 십오번"),
    ("할머니 2분께서 5분 전에", "할머니 두분께서 오분 전에"),
    ("10월 3~7일, -3~5도", "시월 삼일에서 칠일, 영하 삼도에서 오도"),
    ("7시경", "일곱시경"),
    # weather and measures
    ("기온은 -5도, -5℃", "기온은 영하 오도, 영하 오도"),
    ("98.6°F", "화씨 구십팔점육도"),
    ("84.5㎡", "팔십사점오제곱미터"),
    ("5GHz, 60km/h", "오기가헤르츠, 시속 육십킬로미터"),
    ("3.2%p 상승", "삼점이퍼센트포인트 상승"),
    # sums
    ("2×3=6, 8÷4=2", "이 곱하기 삼은 육, 팔 나누기 사는 이"),
    ("5-3=2", "오 빼기 삼은 이"),
    ("3/4, 1½", "사분의 삼, 일과 이분의 일"),
    ("1/2컵", "이분의 일컵"),
    ("±5, √9, 5²", "플러스마이너스 오, 루트 구, 오의 제곱"),
    ("3<5, ≤10", "삼은 오보다 작다, 십 이하"),
    ("10000, 100000000", "만, 일억"),
    # chats, hanja, companies
    ("ㅋㅋㅋㅋ 웃겨 ㅠㅠ :) ^^", "크크크 웃겨 흑흑"),
    ("좋아요👍🏽", "좋아요"),
    ("大韓民國 女子, 한자(漢字)", "대한민국 여자, 한자"),
    ("㈜한국, 삼성(주)는", "주식회사 한국, 삼성 주식회사는"),
    ("제Ⅲ장, 제IV권, 루이 14세", "제삼장, 제사권, 루이 십사세"),
    # marks
    ("안녕…… 뭐?! 와~", "안녕… 뭐?! 와~"),
    ("“안녕” ‘하세요’", '"안녕" "하세요"'),
    ("1) 처음; 다음: 끝", "일, 처음, 다음, 끝"),
    ("국·영·수", "국,영,수"),
    ("하나\n둘", "하나. 둘"),
    ("...", ""),
    ("😀", ""),
]


@pytest.mark.parametrize(("text", "spoken"), SENTENCES)
def test_what_people_write(text: str, spoken: str) -> None:
    assert normalise(text) == spoken
    assert normalise(spoken) == spoken


def test_there_are_sixty_sentences() -> None:
    assert len(SENTENCES) >= 60


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_has_a_reading(unit: str) -> None:
    for text in (f"5{unit}", f"길이 3.5 {unit}입니다"):
        assert normalise(text).strip("오삼점 ") not in ("", "길이")


@pytest.mark.parametrize("money", [*CURRENCY_SIGNS, *CURRENCY_CODES])
def test_every_money_has_a_reading_before_and_behind(money: str) -> None:
    assert normalise(f"{money}5") == normalise(f"5{money}")
    assert len(normalise(f"{money}5")) > 1


@pytest.mark.parametrize("sign", SIGNS)
def test_every_sign_is_read_beside_numbers(sign: str) -> None:
    for text in (f"5{sign}3", f"5 {sign} 3", f"{sign}5"):
        spoken = normalise(text)
        assert spoken == normalise(spoken)
    assert normalise(f"5{sign}3") != "오삼"


def test_readings_stay_and_rules_do_not_see_them() -> None:
    assert normalise("{3월|삼월} 5일, {문법|문뻡}을") == "{3월|삼월} 오일, {문법|문뻡}을"
    assert normalise("{문법|문뻡}") == "{문법|문뻡}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("나는 iPhone 샀다", r"'iPhone' at character 4 is a word in Latin letters"),
        ("가\x07나", r"U\+0007 .* at character 2 is a control character"),
        ("가\u202e나", r"U\+202E RIGHT-TO-LEFT OVERRIDE\) at character 2 is a control"),
        ("안녕こ", r"HIRAGANA LETTER KO\) at character 3 is no letter of Korean"),
        ("Привет", r"at character 1 is no letter of Korean"),
        ("가\ue000", r"private-use character U\+E000 at character 2"),
        ("∑", r"N-ARY SUMMATION\) at character 1 has no reading in Korean"),
        ("ㆎ", r"is no letter of today's Korean"),
        ("\U00020000", r"U\+20000 .* at character 1"),
        ("1" * 1001, "a number of 1001 digits"),
        ("0." + "1" * 1001, "a number of 1001 digits"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, message: str) -> None:
    with pytest.raises(TextError, match=message):
        normalise(text)


ALPHABET = "0123456789.,:-~/%+=×<>$€₩℃()[]'\"!?… \n가나다월일시분개명번대원년ㅋㅠ제第一女²½①^*#@·"


@seed(16)
@settings(max_examples=300, deadline=None, database=None)
@given(st.text(alphabet=ALPHABET, max_size=24))
def test_normalised_text_is_its_own_normal_form(text: str) -> None:
    spoken = normalise(text)
    assert normalise(spoken) == spoken
    if any("가" <= char <= "힣" or char.isdigit() for char in text):
        assert spoken
