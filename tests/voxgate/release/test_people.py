from __future__ import annotations

import pytest

from voxgate.errors import ReleaseError
from voxgate.release.people import is_policy, looks_like, person_id, require_line, require_name

NAMES = (
    "anna", "Anna-Maria O’Neil", "José", "Łukasz", "Nguyễn Thị", "anna@example.org", "Анна",
    "김철수", "山田たろう", "नेहा", "محمد", "Ελένη", "r2d2",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_of_people_are_admitted(name: str) -> None:
    require_name(name)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("  ", "--by is empty"),
        ("x" * 201, "at most 200"),
        ("an\u200bna", r"U\+200B \(ZERO WIDTH SPACE\) does not print"),
        ("an\u200dna", "does not print"),
        ("\u202eanna", "does not print"),
        ("anna\nbob", r"U\+000A \(a control character\) does not print"),
        ("\x1b[31manna", "does not print"),
        ("аnna", "mixes Cyrillic and Latin"),
        ("αnna", "mixes Greek and Latin"),
        ("ɑnna", "phonetic notation"),
        ("ᴀnna", "phonetic notation"),
        ("a\u0336nna", "stands on a letter"),
    ],
)
def test_a_name_that_could_be_anothers_is_refused(name: str, message: str) -> None:
    with pytest.raises(ReleaseError, match=message):
        require_name(name)


@pytest.mark.parametrize("name", ["ANNA", " anna", "an\u200bna", "ａｎｎａ", "𝐚𝐧𝐧𝐚", "anna\t"])
def test_spellings_of_one_name_are_one_id(name: str) -> None:
    assert person_id(name) == "anna"
    assert looks_like(name, "anna")


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("ОСА", "oca"),
        ("сrоn", "cron"),
        ("άnnα", "anna"),
        ("ánna", "anna"),
        ("a\u0336nna", "anna"),
        ("c r o n", "cron"),
        ("cr0n", "cron"),
        ("a1i", "all"),
        ("arnold", "amold"),
        ("Ցօո", "gon"),
    ],
)
def test_look_alikes_are_seen_through(name: str, other: str) -> None:
    assert looks_like(name, other)


def test_different_people_stay_different() -> None:
    for name in NAMES:
        assert [other for other in NAMES if looks_like(name, other)] == [name]


@pytest.mark.parametrize(
    "name", ["policy:auto", "Policy:Auto", "policy：auto", "ро1ісу:x", "policy auto:"]
)
def test_a_policy_is_recognised_under_any_spelling(name: str) -> None:
    assert is_policy(name) == (name != "policy auto:")


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "\x1b[2J", "\u202e", "\u2028", "x" * 11])
def test_a_reason_is_one_line(text: str) -> None:
    with pytest.raises(ReleaseError, match="one line of at most 10 printable characters"):
        require_line(text, option="--reason", limit=10)
