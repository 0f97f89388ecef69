from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes.normaliser import SYLLABLES
from voxgate.evaluation.benchmark import Prompt, load_benchmark
from voxgate.evaluation.words import count_critical, count_words
from voxgate.wiring.evaluators import NamedNormaliser, published_normaliser, text_normaliser


@dataclass(frozen=True)
class Both:
    normaliser: NamedNormaliser
    published: NamedNormaliser


BOTH = Both(text_normaliser(), published_normaliser())


def test_what_is_judged_hears_the_unit_that_published_figures_lose() -> None:
    counts, rate = count_words(
        "It costs one dollar.", "It costs 1.", capped=False, normalisers=BOTH
    )
    assert (counts.word_errors, counts.ref_words, rate) == (1, 4, 0.25)
    assert (counts.whisper_word_errors, counts.whisper_ref_words) == (0, 3)


def test_right_readings_cost_nothing_where_published_figures_count_errors() -> None:
    counts, _ = count_words(
        "Agent 007 calls 555-1212.", "Agent double oh seven calls 5551212.",
        capped=False, normalisers=BOTH,
    )  # fmt: skip
    assert (counts.word_errors, counts.char_errors) == (0, 0)
    assert counts.whisper_word_errors > 0


def test_a_capped_transcript_is_wholly_wrong_once_in_both() -> None:
    counts, rate = count_words("two words", "again " * 50, capped=True, normalisers=BOTH)
    assert (counts.word_errors, counts.whisper_word_errors) == (2, 2)
    assert counts.char_errors == counts.ref_chars
    assert rate > 1


def test_other_scripts_in_what_was_heard_are_wrong_words() -> None:
    counts, _ = count_words("hello there", "hello привет", capped=False, normalisers=BOTH)
    assert (counts.word_errors, counts.ref_words) == (1, 2)


def prompt(text: str, normalised: str, *critical: str) -> Prompt:
    return Prompt(
        id="p", split="gate", prompt_class="numbers", text=text, normalised=normalised,
        words=len(normalised.split()), critical=critical,
    )  # fmt: skip


PAID = prompt(
    "Don't pay Ada $105 on Friday.", "Don't pay Ada one hundred and five dollars on Friday.",
    "Don't", "Ada", "one", "hundred", "five", "dollars", "Friday",
)  # fmt: skip
"""As judged: do not pay ada one zero five dollars on friday."""


@pytest.mark.parametrize(
    ("heard", "errors"),
    [
        ("Do not pay Ada 105 dollars on Friday", 0),
        ("Do not play Ada 105 dollars in Friday", 0),
        ("Do not pay Ada 125 dollars on Friday", 1),
        ("Do pay Ada 105 dollars on Friday", 1),
        ("Do not pay either 105 on Monday", 3),
        ("", 8),
    ],
)
def test_only_words_that_must_not_change_are_counted_as_they_are_judged(
    heard: str, errors: int
) -> None:
    assert count_critical(PAID, heard, capped=False, normalisers=BOTH) == (errors, 8)


def test_a_capped_transcript_misses_every_critical_word() -> None:
    heard = "do not pay ada one zero five dollars on friday " * 9
    assert count_critical(PAID, heard, capped=True, normalisers=BOTH) == (8, 8)


def test_of_a_repeated_word_the_right_one_is_counted() -> None:
    two = prompt("The one at No. 1", "the one at number one", "number", "one")
    assert count_critical(two, "the won at number one", capped=False, normalisers=BOTH) == (0, 2)
    assert count_critical(two, "the one at number two", capped=False, normalisers=BOTH) == (1, 2)


def test_a_prompt_without_critical_words_counts_none() -> None:
    plain = prompt("It rains", "it rains")
    assert count_critical(plain, "it pours", capped=False, normalisers=BOTH) == (0, 0)


def test_every_shipped_prompt_is_heard_right_in_its_own_words() -> None:
    for each in load_benchmark(Path("benchmark/prompts.en.jsonl")).prompts:
        missed, words = count_critical(each, each.text, capped=False, normalisers=BOTH)
        assert missed == 0
        assert (words > 0) == bool(each.critical)


BY_SYLLABLES = Both(SYLLABLES, NamedNormaliser(name="by", fingerprint="4" * 64, spell=" ".join))


@pytest.mark.parametrize(
    ("heard", "units", "toneless", "characters"),
    [
        ("她去银行买", 0, 0, 1),
        ("他去银行卖", 1, 0, 1),
        ("他不去银行", 2, 2, 2),
        ("他去銀行买", 1, 1, 1),
        ("他去은행买", 2, 2, 2),
    ],
)
def test_syllables_are_counted_with_and_without_tones_beside_characters(
    heard: str, units: int, toneless: int, characters: int
) -> None:
    counts, rate = count_words("他去银行买", heard, capped=False, normalisers=BY_SYLLABLES)
    assert (counts.word_errors, counts.ref_words) == (units, 5)
    assert (counts.toneless_errors, counts.char_errors) == (toneless, characters)
    assert rate == units / 5


def test_a_capped_transcript_is_wholly_wrong_without_tones_as_well() -> None:
    counts, _ = count_words("他去", "他" * 99, capped=True, normalisers=BY_SYLLABLES)
    assert (counts.word_errors, counts.toneless_errors, counts.char_errors) == (2, 2, 2)


def test_words_have_no_count_without_tones() -> None:
    counts, _ = count_words("two words", "two", capped=False, normalisers=BOTH)
    assert counts.toneless_errors is None


@pytest.mark.parametrize(
    ("heard", "errors"),
    [
        ("他不买三百五元", 0),
        ("她不卖三百五元", 0),
        ("他买三百五元", 1),
        ("他不买五百五", 2),
        ("", 5),
    ],
)
def test_critical_runs_of_characters_are_counted_by_syllables(heard: str, errors: int) -> None:
    asked = prompt("他不买3百五元。", "他不买三百五元。", "不", "三百五", "元")
    assert count_critical(asked, heard, capped=False, normalisers=BY_SYLLABLES) == (errors, 5)


def test_critical_runs_are_named_in_the_order_of_the_text() -> None:
    asked = prompt("三百元", "三百元", "元", "三百")
    with pytest.raises(ValueError, match="in the order in which they are said"):
        count_critical(asked, "三百元", capped=False, normalisers=BY_SYLLABLES)
