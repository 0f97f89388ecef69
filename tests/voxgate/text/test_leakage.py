from __future__ import annotations

import pytest

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
    assert overlap(text, ["Something else entirely is asked here.", PROMPT]) == 1.0


def test_short_texts_leak_only_when_equal() -> None:
    assert overlap("Thank you!", ["thank you"]) == 1.0
    assert overlap("Thank you very much!", ["thank you"]) == 0.0


def test_partial_overlap_is_the_share_of_the_prompt() -> None:
    assert overlap("The ferry leaves the harbor soon.", [PROMPT]) == pytest.approx(1 / 9)
    assert overlap("Nothing in common.", [PROMPT]) == 0.0
    assert overlap("Anything.", []) == 0.0


def test_leaks_name_text_and_prompt() -> None:
    texts = ["clean words here", "你好", PROMPT]
    assert find_leaks(texts, ["other prompt text is this", PROMPT]) == [
        Leak(text_index=2, prompt_index=1, overlap=1.0)
    ]
