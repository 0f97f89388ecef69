from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from voxgate.campaigns.quality.alignment import align, bare_phones, phone_cost
from voxgate.campaigns.quality.expected import Segment, SentenceKind, expect_sentence
from voxgate.campaigns.quality.material import read_material
from voxgate.errors import ConfigError
from voxgate.text.front_ends import open_front_end
from voxgate.text.sentences import sentences


def test_what_ships_can_be_read_and_has_enough_of_each_kind() -> None:
    material = read_material()
    front_end = open_front_end("en")
    kinds = Counter(expect_sentence(one.segments, front_end).kind for one in material)
    assert 30 <= len(material) <= 40
    assert len({one.text for one in material}) == len(material)
    assert kinds[SentenceKind.NAME] >= 16
    assert kinds[SentenceKind.VALUE] >= 12
    assert kinds[SentenceKind.FRAME] >= 8


def test_what_ships_is_one_sentence_each() -> None:
    front_end = open_front_end("en")
    for one in read_material():
        text = expect_sentence(one.segments, front_end).text
        assert len(sentences(text)) == 1, text


def test_others_say_another_value_and_the_same_frame() -> None:
    for one in read_material():
        for other in one.others:
            assert [s.text for s in other if s.slot is None] == [
                s.text for s in one.segments if s.slot is None
            ]
            assert other != one.segments


def test_a_near_name_sounds_otherwise_but_not_much() -> None:
    front_end = open_front_end("en")

    def sounds(segments: tuple[Segment, ...]) -> tuple[str, ...]:
        words = expect_sentence(segments, front_end).words
        return bare_phones([phone for word in words if word.slot for phone in word.phones])

    shares = []
    for one in read_material():
        if one.near is not None:
            own, near = sounds(one.segments), sounds(one.near)
            shares.append(sum(not step.equal for step in align(own, near, phone_cost)) / len(own))
    assert len(shares) >= 16
    assert min(shares) > 0
    assert sorted(shares)[len(shares) // 2] <= 0.5


def test_a_value_alone_has_no_other(tmp_path: Path) -> None:
    path = tmp_path / "sentences.yaml"
    path.write_text('- {before: "Hello ", slot: name, after: ".", values: [Wendy]}\n')
    (one,) = read_material(path)
    assert (one.text, one.others) == ("Hello Wendy.", ())


def test_a_file_that_cannot_be_used_says_why(tmp_path: Path) -> None:
    path = tmp_path / "sentences.yaml"
    with pytest.raises(ConfigError, match="missing"):
        read_material(path)
    path.write_text(
        '- {before: "Hello.", colour: red}\n- {before: "H", values: [a], near: [b, c]}\n'
    )
    with pytest.raises(ConfigError, match="2 faults") as caught:
        read_material(path)
    assert "0.colour" in str(caught.value)
    assert "1 values, but 2 that are near" in str(caught.value)
