"""The values that templates are tried with."""

from __future__ import annotations

from voxgate.campaigns.templates.samples import longest_values, trial_values
from voxgate.campaigns.templates.slots import SlotKind, declarations, parse_slot

SLOTS = {text.replace(" ", "_"): slot for text in declarations() if (slot := parse_slot(text))}


def test_every_kind_is_tried_with_several_values() -> None:
    trials = list(trial_values(SLOTS, "en"))
    for kind in SlotKind:
        assert len({values[kind.value].spoken for values in trials}) > 2


def test_the_longest_values_are_longer_than_the_usual_ones() -> None:
    longest = longest_values(SLOTS, "en")
    for values in trial_values(SLOTS, "en"):
        for name, value in values.items():
            assert len(value.spoken) <= len(longest[name].spoken), (name, value)


def test_a_template_without_slots_is_tried_once() -> None:
    assert list(trial_values({}, "en")) == [{}]
