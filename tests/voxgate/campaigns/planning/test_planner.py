from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.campaigns import make_pinned
from voxgate.campaigns.planning.messages import MessageReader
from voxgate.campaigns.planning.planner import Planner
from voxgate.campaigns.records import Pinned, Recipient
from voxgate.campaigns.templates.parsing import parse_template
from voxgate.campaigns.templates.slots import SlotKind, SlotValue
from voxgate.serving.requests import PackagedVoice, Utterance
from voxgate.speaking.presets import shipped_presets
from voxgate.text.front_ends import open_front_end

ENGLISH = open_front_end("en")
TEXT = "Hello {first_name}, this is your dentist. Please come on {day}. Thank you, and goodbye."
TEMPLATES = {
    "reminder": parse_template(
        "reminder", TEXT, {"first_name": "name", "day": "date without year"}, ENGLISH
    ),
    "thanks": parse_template("thanks", "Thank you very much for coming.", {}, ENGLISH),
}
PRESET = shipped_presets()[0]


def planner(pinned: Pinned | None = None, **changes: object) -> Planner:
    values = {
        "campaign": "spring",
        "pinned": pinned or make_pinned(),
        "utterance": Utterance(
            voice=PackagedVoice(folder=Path("voice"), digest="v" * 64),
            preset=PRESET,
            text="",
            seed=PRESET.seed,
        ),
        "templates": TEMPLATES,
        "reader": MessageReader(ENGLISH, cut=PRESET.cut, lexicon={}),
        "secret": b"s" * 32,
    }
    return Planner(**{**values, **changes})


def recipient(number: int, name: str, *templates: str, day: str = "December 3") -> Recipient:
    values = {
        "first_name": SlotValue(kind=SlotKind.NAME, spoken=name),
        "day": SlotValue(kind=SlotKind.DATE, spoken=day),
    }
    return Recipient(
        number=number,
        recipient_id=f"r{number}",
        templates=templates or ("reminder",),
        values={slot: value.as_json() for slot, value in values.items()},
        digest=str(number),
    )


def test_equal_sentences_at_equal_places_are_one_for_all():
    plan = planner().plan([recipient(1, "Anna"), recipient(2, "Ben"), recipient(3, "Anna")])
    assert len(plan.cells) == 3
    assert len(plan.renders) == 2
    assert len(plan.sentences) == 4  # two greetings, one day, one goodbye
    assert plan.cells[0].render == plan.cells[2].render != plan.cells[1].render
    assert [sentence.place for sentence in plan.sentences] == [0, 1, 2, 0]


def test_the_same_inputs_give_the_same_keys_in_another_process_and_campaign():
    one = planner().plan([recipient(1, "Anna")])
    other = planner(campaign="autumn").plan([recipient(9, "Anna")])
    assert [s.key for s in one.sentences] == [s.key for s in other.sentences]
    assert one.renders[0].key == other.renders[0].key
    assert one.renders[0].asset_id != other.renders[0].asset_id


@pytest.mark.parametrize("change", ["code", "quality_digest"])
def test_whatever_decides_what_is_heard_is_in_the_key_of_a_sentence(change: str):
    pinned = make_pinned()
    other = replace(pinned, **{change: "0" * 64})
    one, two = (planner(p).plan([recipient(1, "Anna")]) for p in (pinned, other))
    assert not {s.key for s in one.sentences} & {s.key for s in two.sentences}


def test_how_files_are_made_is_in_the_key_of_the_render_alone():
    one, two = (
        planner(make_pinned(recipe_digest=digest * 64)).plan([recipient(1, "Anna")])
        for digest in ("1", "2")
    )
    assert [s.key for s in one.sentences] == [s.key for s in two.sentences]
    assert one.renders[0].key != two.renders[0].key


def test_a_name_of_a_file_tells_nothing_without_the_secret():
    one = planner().plan([recipient(1, "Anna")]).renders[0]
    other = planner(secret=b"t" * 32).plan([recipient(1, "Anna")]).renders[0]
    assert (one.key, one.asset_id) != (other.key, other.asset_id)
    assert one.key == other.key


def test_each_template_of_a_recipient_is_a_cell():
    plan = planner().plan([recipient(1, "Anna", "reminder", "thanks")])
    assert [(cell.template, cell.render is not None) for cell in plan.cells] == [
        ("reminder", True),
        ("thanks", True),
    ]


def test_what_cannot_be_read_fails_its_own_cell_only():
    plan = planner().plan([recipient(1, "王"), recipient(2, "Anna")])
    bad, good = plan.cells
    assert bad.render is None
    assert bad.fault is not None
    assert bad.fault.code == "text_unreadable"
    assert good.render is not None
