"""The declarations of slots."""

from __future__ import annotations

import json

import pytest

from voxgate.campaigns.templates.slots import Slot, SlotKind, SlotValue, declarations, parse_slot


@pytest.mark.parametrize("declaration", declarations())
def test_a_declaration_is_read_as_it_is_written(declaration: str) -> None:
    slot = parse_slot(declaration)
    assert slot is not None
    assert slot.declaration == declaration


def test_every_kind_can_be_declared() -> None:
    assert {slot.kind for slot in map(parse_slot, declarations()) if slot} == set(SlotKind)


@pytest.mark.parametrize("text", ["", "Name", "dat", "date with", "name with weekday"])
def test_anything_else_is_no_slot(text: str) -> None:
    assert parse_slot(text) is None


def test_blanks_between_the_words_do_not_count() -> None:
    assert parse_slot(" date  with weekday ") == Slot(kind=SlotKind.DATE, weekday=True)


@pytest.mark.parametrize("kind", list(SlotKind))
def test_a_value_is_kept_as_json(kind: SlotKind) -> None:
    value = SlotValue(kind=kind, spoken="Zoë")
    assert SlotValue.from_json(json.loads(json.dumps(value.as_json()))) == value
