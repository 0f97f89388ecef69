from __future__ import annotations

from datetime import date, timedelta

from voxgate.evaluation.benchmark import Prompt
from voxgate.evaluation.plan import item_seed, plan_items, prompts_of_day


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


def test_a_day_draws_seeds_of_its_own_and_always_the_same() -> None:
    today, tomorrow = date(2026, 11, 22), date(2026, 11, 23)
    assert item_seed("en-gate-plain-01", 0, day=today) == 1388543939
    drawn = {item_seed("a", k, day=day) for k in range(3) for day in (None, today, tomorrow)}
    assert len(drawn) == 9
    (item,) = plan_items([prompt("a")], seeds=1, day=today)
    assert item.seed == item_seed("a", 0, day=today)


def test_blocks_take_turns_and_cover_every_prompt_of_every_class() -> None:
    prompts = [prompt(f"{name}-{n:02d}") for name in ("names", "plain") for n in range(12)]
    first = date(2026, 11, 22)
    blocks = [prompts_of_day(prompts, day=first + timedelta(days=n), count=9) for n in range(4)]
    assert [len(block) for block in blocks] == [8, 8, 8, 8]
    assert blocks[3] == blocks[0]
    assert {p.id for block in blocks for p in block} == {p.id for p in prompts}
    assert all({p.id.split("-")[0] for p in block} == {"names", "plain"} for block in blocks)
    assert prompts_of_day(reversed(prompts), day=first, count=9) == blocks[0]
    assert len(prompts_of_day(prompts[:5], day=first, count=9)) == 5
