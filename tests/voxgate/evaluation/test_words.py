from __future__ import annotations

from dataclasses import dataclass

from voxgate.evaluation.words import count_words
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
