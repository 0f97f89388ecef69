from __future__ import annotations

from voxgate.evaluation.benchmark import Prompt
from voxgate.evaluation.plan import item_seed, plan_items


def prompt(name: str) -> Prompt:
    return Prompt(id=name, split="gate", prompt_class="plain", text=name, normalised=name, words=1)


def test_every_prompt_gets_every_seed_in_a_fixed_order() -> None:
    items = plan_items([prompt("b"), prompt("a")], seeds=2)
    assert [item.name for item in items] == ["a-0", "a-1", "b-0", "b-1"]
    assert len({item.seed for item in items}) == 4


def test_a_seed_depends_on_prompt_and_index_alone() -> None:
    assert item_seed("en-gate-plain-01", 0) == 1977097351
    assert 0 <= item_seed("x", 7) < 2**31
    alone = plan_items([prompt("a")], seeds=3)
    among = plan_items([prompt("a"), prompt("b")], seeds=3)
    assert [i.seed for i in alone] == [i.seed for i in among if i.prompt.id == "a"]


def test_another_range_of_indices_gives_other_samples() -> None:
    items = plan_items([prompt("a")], seeds=2, first=1000)
    assert [item.name for item in items] == ["a-1000", "a-1001"]
    assert [item.seed for item in items] == [item_seed("a", 1000), item_seed("a", 1001)]
