"""Numbers before counters: 20명 is 스무명, 3시 세시, but 20분 이십분 and 3번 출구 삼번 출구."""

from __future__ import annotations

import re

from voxgate.text.korean.numerals import native

__all__ = ["COUNTERS", "speak_counted"]

_NATIVE = (
    "개 명 사람 마리 살 잔 병 권 장 대 벌 켤레 송이 그루 자루 번 군데 가지 시간 달 채 척 통 판 "
    "줄 봉지 봉 상자 접시 "
    "그릇 조각 모금 방울 포기 다발 곳 쌍 가닥 갈래 걸음 끼 마디 뼘 섬 숟가락 스푼 알 글자 줌 "
    "차례 첩 칸 컵 톨 편 바퀴 "
    "박스 팩 캔 세트 팀 건 곡 묶음 자리 종류 가족 배 돈 근 발짝 발 모 경기 골 문제 과목 단어 "
    "문장 식구 표 해 시 주먹 "
    "장면 번째 토막 꼬치 뭉치 갑 보루 필 톳 두름 접 나라 도시 가게 학교 회사 아이 학생 친구 남자 "
    "여자 손님 모둠 "
    "꾸러미 무더기 젓가락 큰술 작은술 티스푼 발자국 움큼 방 집 공기 포대 다스 분"
).split()
_SINO = (
    "개월 개국 개년 개소 개조 개사 개교 개구 장관 대표 달러 번지 번호 번길 번가 점 통화 판정 "
    "시리즈 시즌 건물 배럴 "
    "배속 해리 발전 모델 방향 방송 집중 표준 상태 번대 편대 대대 대학 방문 곡면 칸델라 팀장 차 "
    "돈까스 밤낮 계단식 대륙"
).split()
COUNTERS = tuple(sorted(_NATIVE, key=len, reverse=True))
"""What is counted in native Korean, up to 99; longest first."""

_TAIL = (
    "이가을를은는의에로와과도만씩부까쯤정미초중째짜간당밖뿐나보처인입예였라들"
    "남꼴마한께하랑조내여전후반동안있없모다더넘차분앞뒤건요경용"
)
"""What may follow a counter of one syllable in the same word: particles and the like."""

_COUNTED = re.compile(
    rf"(?<![\d.,제~\-−])(?P<number>\d{{1,2}}) ?"
    rf"(?!{'|'.join(_SINO)})(?P<counter>{'|'.join(COUNTERS)})"
    rf"(?=$|[^가-힣]|[{_TAIL}])"
)
_PAIR = re.compile(
    r"(?<![\d.,제~\-−])(?P<low>\d), ?(?P<high>\d{1,2})"
    rf"(?= ?(?!{'|'.join(_SINO)})(?:{'|'.join(COUNTERS)})(?![가-힣]{{3}}))"
)
_AS_LABEL_BEFORE = re.compile(
    r"(?:제|\d 다시|[학\d가-힣]반|내선|기호|번호|문제|질문|문항|버스|선택지|지하철"
    r"|채널|정답은|답은|등번호|보기|국도|고속도로|주제|예제|그림|표|교향곡|협주곡|소나타|홈|트랙|레인|출구"
    r"|타자|승강장|게이트|창구|등번호) ?$"
)
_LABELLED = re.compile(
    " ?(?:출구|버스|문제|선수|홈|국도|게이트|타자|창구|좌석|테이블|트랙|교향곡|채널|마|방|레인|항"
    "|문항|도로|척추|국번|승강장|탑승구|활주로|"
    "플랫폼|지구|손님|노선|마을|시드|칸|줄|자리|으로|로 |이에요|예요|입니다|이다|부터|까지|은 "
    "|과 |와 |을 (?:누르|눌러|선택|타|고르|골라)|"
    "이 (?:정답|답|맞)|협주곡|소나타|염색체|우드|아이언|타석|레일|척|버튼|키|교향|현|기|국|공|레인)"
)
_PERSONS = re.compile("(?:님|할머니|할아버지|어르신|아주머니|아저씨|귀빈|관객|교수|의사) ?$")
_VEHICLES = re.compile(
    "(?:차|버스|트럭|택시|컴퓨터|노트북|카메라|로봇|기계|드론|비행기|헬기|자전거|오토바이|전화기"
    "|에어컨|모니터|서버|전투기|"
    "기차|열차|휴대폰|스마트폰|냉장고|세탁기|피아노|텔레비전|대수|총|모두|각각)[가-힣]{0,2} ?$"
)
_AS_RANK = re.compile(
    r" ?(?:\d|강|양|요소|원칙|명산|기업|과제|종손|독자|천왕|핵심|미스터리|불가사의|의무|권리|조건"
    r"|도시|은행|통신사|대통령|"
    "왕|국왕|회장|총리|영양소|사건|뉴스|명절|째|에 걸|거인|명품|리그|메이저|가문|교주|황제)"
)
_SINO_GROUP = re.compile(" ?(?:국어|개국|국|년|월|소|사|교|조|구)(?![간])")
_TWENTY_FOUR = 24
_NOON = 12


def speak_counted(text: str) -> str:
    """Write the numbers that native counters take; what is left is Sino-Korean."""
    text = _PAIR.sub(_pair, text)
    return _COUNTED.sub(_count, text)


def _pair(match: re.Match[str]) -> str:
    """Say both numbers of 5, 6명 as the counter wants it."""
    low, high = int(match["low"]), int(match["high"])
    return f"{native(low)}, {match['high']}" if low and high == low + 1 else match.group()


def _count(match: re.Match[str]) -> str:
    number, counter = int(match["number"]), match["counter"]
    if number == 0 or match["number"].startswith("0") or _is_sino(match, number, counter):
        return match.group()
    said = "첫" if counter == "번째" and number == 1 else native(number)
    gap = match.group()[len(match["number"]) : -len(counter)]
    return f"{said}{gap}{counter}"


def _is_sino(match: re.Match[str], number: int, counter: str) -> bool:  # noqa: PLR0911 a table
    before = match.string[max(0, match.start() - 12) : match.start()]
    after = match.string[match.end() : match.end() + 12]
    if counter == "시":
        return number > _NOON
    if counter == "분":
        return not (_PERSONS.search(before) or after.startswith(("께", "이서")))
    if counter == "시간":
        return number >= _TWENTY_FOUR
    if counter == "번":
        return bool(_AS_LABEL_BEFORE.search(before) or _LABELLED.match(after))
    if counter == "대":
        if number % 10 == 0:
            return not _VEHICLES.search(before)
        return bool(_AS_RANK.match(after))
    if counter == "개":
        return bool(_SINO_GROUP.match(after))
    if counter in ("배", "발"):
        return after.startswith(("속", "럴"))
    if counter in ("장", "편", "권", "골", "판", "줄", "칸"):
        return bool(re.search(r"제 ?$", before))
    return False
