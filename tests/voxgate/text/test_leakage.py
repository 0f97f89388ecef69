from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes.language_front_end import mixed_front_end
from voxgate.errors import TextError
from voxgate.text.front_end import FrontEnd
from voxgate.text.front_ends import open_front_end
from voxgate.text.leakage import Leak, find_leaks, overlap

PROMPT = "The ferry leaves the island at 9 on the 3rd of May."


@pytest.mark.parametrize(
    "text",
    [
        PROMPT,
        "the FERRY leaves the island at nine on the third of may",
        "Hello. The ferry leaves the island at 9, on the 3rd of May! Goodbye.",
    ],
)
def test_the_same_words_are_a_whole_leak_however_written(text: str) -> None:
    assert overlap(text, ["Something else entirely is asked here.", PROMPT], language="en") == 1.0


def test_short_texts_leak_only_when_equal() -> None:
    assert overlap("Thank you!", ["thank you"], language="en") == 1.0
    assert overlap("Thank you very much!", ["thank you"], language="en") == 0.0


def test_partial_overlap_is_the_share_of_the_prompt() -> None:
    share = overlap("The ferry leaves the harbor soon.", [PROMPT], language="en")
    assert share == pytest.approx(1 / 9)
    assert overlap("Nothing in common.", [PROMPT], language="en") == 0.0
    assert overlap("Anything.", [], language="en") == 0.0


def test_leaks_name_text_and_prompt() -> None:
    texts = ["clean words here", "你好", PROMPT]
    prompts = ["other prompt text is this", PROMPT]
    assert find_leaks(texts, prompts, language="en") == [
        Leak(text_index=2, prompt_index=1, overlap=1.0)
    ]


def test_leaks_of_one_text_come_in_the_order_of_the_prompts() -> None:
    prompts = [f"{word} went to the market on foot" for word in "Ann Ben Cat Dan Eve Fay".split()]
    text = ". ".join(reversed(prompts))
    leaks = find_leaks([text], prompts, language="en")
    assert [leak.prompt_index for leak in leaks] == [0, 1, 2, 3, 4, 5]


def test_a_language_that_nobody_can_compare_is_an_error_and_not_a_clean_bill() -> None:
    with pytest.raises(TextError, match="language 'fr' has no text front end"):
        find_leaks(["今天天气很好"], ["今天天气很好"], language="fr")


CHINESE = "今天的天气真不错我们去公园走走"


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voxgate.text.leakage.open_front_end", mixed_front_end)


@pytest.mark.usefixtures("letters")
def test_what_is_written_without_spaces_is_compared_by_characters() -> None:
    assert overlap(CHINESE, [CHINESE], language="zh") == 1.0
    assert overlap(f"她说：{CHINESE}，好吗？", [CHINESE], language="zh") == 1.0
    assert 0 < overlap(f"{CHINESE[:8]}吧", [CHINESE], language="zh") < 1
    assert overlap("明天我要去北京看朋友", [CHINESE], language="zh") == 0.0
    assert overlap(f"OK，{CHINESE}", [CHINESE], language="zh") == 1.0


@pytest.mark.usefixtures("letters")
def test_a_text_that_cannot_be_read_still_leaks_what_it_says() -> None:
    assert overlap(f"{CHINESE}한국", [CHINESE], language="zh") == 1.0


@pytest.mark.parametrize(
    ("language", "text", "other"),
    [
        ("zh", "今天的天气真不错，我们3点去公园。", "今天的天气真不错我们三点去公园"),
        ("ja", "今日は、とても良い天気です。散歩に行く。", "今日はとても良い天気です散歩に行く"),
        ("yue", "今日天氣好好，我哋3點去公園。", "今日天氣好好我哋三點去公園"),
        ("ko", "오늘은 3시에 공원에 산책을 갔어요.", "오늘은 세 시에 공원에 산책을 갔어요"),
    ],
)
def test_equal_texts_leak_in_every_language(language: str, text: str, other: str) -> None:
    assert overlap(other, [text], language=language) == 1.0


def plain_leaks(
    texts: Sequence[str], prompts: Sequence[str], *, front_end: FrontEnd, minimum: float
) -> list[Leak]:
    """Compare each text with each prompt: what `find_leaks` must agree with."""

    def read(text: str) -> tuple[tuple[str, ...], set[tuple[str, ...]]]:
        try:
            units = front_end.units(text)
        except TextError:
            units = (
                () if front_end.language == "en" else tuple(filter(str.isalnum, text.casefold()))
            )
        length = front_end.shared_run
        return units, {units[at : at + length] for at in range(len(units) - length + 1)}

    def share(text: str, prompt: str) -> float:
        (units, runs), (asked, wanted) = read(text), read(prompt)
        if units and units == asked:
            return 1.0
        return len(runs & wanted) / len(wanted) if wanted else 0.0

    shares = [
        Leak(text_index=i, prompt_index=j, overlap=share(text, prompt))
        for i, text in enumerate(texts)
        for j, prompt in enumerate(prompts)
    ]
    return [leak for leak in shares if leak.overlap > 0 and leak.overlap >= minimum]


WORDS = st.lists(st.sampled_from("the ferry leaves at 9 nine, May 你好 ...".split()), max_size=9)
CHARACTERS = st.lists(st.sampled_from([*"今天气很好！한 "]), max_size=12)


@settings(deadline=None, max_examples=60)
@given(
    texts=st.lists(WORDS.map(" ".join), max_size=8),
    prompts=st.lists(WORDS.map(" ".join), max_size=8),
    minimum=st.sampled_from([0.0, 0.5, 1.0]),
)
def test_the_leaks_are_those_of_comparing_each_with_each(
    texts: list[str], prompts: list[str], minimum: float
) -> None:
    found = find_leaks(texts, prompts, language="en", minimum=minimum)
    assert found == plain_leaks(texts, prompts, front_end=open_front_end("en"), minimum=minimum)


@pytest.mark.usefixtures("letters")
@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    texts=st.lists(CHARACTERS.map("".join), max_size=8),
    prompts=st.lists(CHARACTERS.map("".join), max_size=8),
)
def test_so_are_they_where_characters_are_compared(texts: list[str], prompts: list[str]) -> None:
    found = find_leaks(texts, prompts, language="zh", minimum=0.0)
    assert found == plain_leaks(texts, prompts, front_end=mixed_front_end("zh"), minimum=0.0)
