from __future__ import annotations

import re

from voxgate.campaigns.quality.expected import Segment, expect_sentence
from voxgate.campaigns.quality.hearing import Heard, compare_heard
from voxgate.text.front_ends import open_front_end
from voxgate.text.symbols import PUNCTUATION
from voxgate.wiring.evaluators import text_normaliser

FRONT_END = open_front_end("en")
SPELL = text_normaliser("en")
_SLOT = re.compile(r"\{([^:}]*):(\w+)\}")


def heard(template: str, words: str) -> Heard:
    """Compare `Hello {Wendy:name}.` with what was heard."""
    segments, end = [], 0
    for match in _SLOT.finditer(template):
        segments.append(Segment(text=template[end : match.start()]))
        segments.append(Segment(text=match[1], slot=match[2]))
        end = match.end()
    segments.append(Segment(text=template[end:]))
    expected = expect_sentence([one for one in segments if one.text], FRONT_END)
    spoken = [word for word in FRONT_END.read(words).words if word.word not in PUNCTUATION]
    return compare_heard(expected, spoken, words, spell=SPELL)


def test_the_same_words_have_no_distance_in_anything() -> None:
    same = heard(
        "Hello {Wendy:name}, your visit is on {March 3rd:date}.",
        "Hello Wendy, your visit is on March 3rd.",
    )
    assert set(vars(same).values()) == {0}


def test_a_name_spelled_otherwise_sounds_the_same() -> None:
    same = heard("Hello {Micheal:name}, welcome.", "Hello Michael, welcome.")
    assert same.slot_distance == 0
    assert same.wer > 0


def test_a_misheard_name_counts_in_its_slot_and_not_in_the_frame() -> None:
    other = heard(
        "Hello {Wendy:name}, this is your dentist.", "Hello one day, this is your dentist."
    )
    assert 0 < other.slot_distance < 1
    assert (other.frame_edits, other.missing_words, other.added_words) == (0, 0, 0)


def test_another_name_is_far_from_the_one_that_was_meant() -> None:
    assert heard("Hello {Wendy:name}, hi.", "Hello Thomas, hi.").slot_distance > 0.5


def test_a_short_name_is_not_half_wrong_by_one_sound() -> None:
    assert heard("Hello {Jo:name}, welcome.", "Hello go, welcome.").slot_distance == 0.25


def test_a_frame_word_heard_otherwise_counts_in_the_frame() -> None:
    other = heard(
        "Hello {Wendy:name}, from the dental office.", "Hello Wendy, from the mental office."
    )
    assert (other.frame_word, other.frame_edits, other.slot_distance) == (1, 1, 0)


def test_a_word_left_out_is_missing_however_short_it_is() -> None:
    assert heard("This is a good day.", "This is good day.").missing_words == 1
    assert heard("This is a good day.", "This is a day.").missing_words == 1


def test_an_added_word_is_counted_and_a_doubled_one_repeats() -> None:
    assert heard("This is a good day.", "This is really a good day.").added_words == 1
    doubled = heard("This is a good day.", "This is a good good day.")
    assert (doubled.added_words, doubled.repeats) == (1, 1)


def test_a_name_said_twice_is_far_in_its_slot() -> None:
    assert heard("Hello {Wendy:name}, hi.", "Hello Wendy Wendy, hi.").slot_distance >= 1


def test_digits_that_were_meant_to_repeat_are_no_repeats() -> None:
    assert heard("Call {555-0123:phone}.", "Call 555-0123.").repeats == 0


def test_a_value_may_be_written_in_digits_or_words() -> None:
    for words in (
        "Come at 4:30 please.",
        "Come at four thirty please.",
        "Come at for thirty please.",
    ):
        assert (
            heard("Come at {4:30:time} please.".replace("4:30", "four thirty"), words).wrong_values
            == 0
        )


def test_words_that_sound_the_same_are_the_same_value() -> None:
    assert heard("Take {2:number} of them.", "Take too of them.").wrong_values == 0


def test_another_value_is_wrong_however_near_it_is() -> None:
    for value, words in (
        ("13:number", "Take 30 of them."),
        ("$45.50:money", "Take $45.15 of them."),
        ("March 3rd:date", "Take March 13th of them."),
        ("555-0123:phone", "Take 555-0132 of them."),
        ("555-0123:phone", "Take 555-012 of them."),
        ("555-0123:phone", "Take 555-01233 of them."),
    ):
        assert heard(f"Take {{{value}}} of them.", words).wrong_values == 1, (value, words)


def test_a_frame_that_is_misheard_leaves_the_value_right() -> None:
    other = heard("Your visit is on {March 3rd:date}.", "Your visits on March 3rd.")
    assert other.wrong_values == 0
    assert other.frame_edits > 0


def test_nothing_heard_is_all_missing() -> None:
    silent = heard("Hello {Wendy:name}, take {2:number}.", ".")
    assert (silent.missing_words, silent.wrong_values) == (2, 1)
    assert silent.slot_distance == 1


def test_the_longest_run_is_of_neighbouring_sounds() -> None:
    assert heard("We meet on the second floor.", "We meet on the second.").longest_run == 4


def test_a_time_that_is_written_as_a_number_is_right_in_every_figure() -> None:
    same = heard(
        "Come at {3:15:time} and wait.".replace("3:15", "three fifteen"), "Come at 315 and wait."
    )
    assert set(vars(same).values()) == {0}
    more = heard("Come at {three fifteen:time} and wait.", "Come at really 315 and wait.")
    assert (more.wrong_values, more.added_words >= 1) == (1, True)
