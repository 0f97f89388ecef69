from __future__ import annotations

import numpy as np
import pytest

from scripts.corpus.clips import Clip
from scripts.corpus.plan import Gap, Item, Sound, plan_items
from voxgate.corpus.cutting.spans import Span

MINUTE = 60 * 16_000


def clips_of(speaker: str, count: int) -> list[Clip]:
    return [
        Clip(
            speaker=speaker,
            language="en",
            name=f"{speaker}-{number}",
            text="one two",
            wave=np.zeros(32_000, np.float32),
            speech=(Span(0, 32_000),),
        )
        for number in range(count)
    ]


def length(item: Item) -> int:
    return item.wave.size if isinstance(item, Clip) else item.n_samples


def named(items: list[Item]) -> list[str]:
    return [item.name for item in items if isinstance(item, Clip)]


def plan(*, wanted: int, others: int, minutes: int, seed: int = 1) -> list[Item]:
    return plan_items(
        clips_of("wanted", wanted),
        [clips_of("a", others), clips_of("b", others)],
        n_samples=minutes * MINUTE,
        seed=seed,
    )


def test_the_items_are_as_long_as_was_asked_for() -> None:
    assert sum(map(length, plan(wanted=500, others=500, minutes=10))) == 10 * MINUTE


@pytest.mark.parametrize("wanted", [500, 20])
def test_no_clip_comes_twice_even_if_there_are_too_few(wanted: int) -> None:
    names = named(plan(wanted=wanted, others=10, minutes=20))
    assert len(names) == len(set(names))
    assert any(name.startswith("wanted") for name in names)


def test_the_wanted_speaker_speaks_most() -> None:
    names = named(plan(wanted=500, others=500, minutes=20))
    wanted = sum(name.startswith("wanted") for name in names)
    assert wanted > len(names) / 2


def test_gaps_last_150_ms_to_4_s_and_come_before_everything() -> None:
    items = plan(wanted=500, others=500, minutes=10)
    gaps, sounding = items[:-1:2], items[1::2]
    assert all(isinstance(item, Gap) for item in gaps)
    assert not any(isinstance(item, Gap) for item in sounding)
    assert all(2400 <= length(item) <= 64_000 for item in gaps)
    assert min(map(length, gaps)) < 4000
    assert max(map(length, gaps)) > 48_000


def test_sounds_are_among_them() -> None:
    assert any(isinstance(item, Sound) for item in plan(wanted=500, others=500, minutes=10))


def test_a_seed_is_an_hour() -> None:
    first, again, other = (
        named(plan(wanted=50, others=50, minutes=2, seed=seed)) for seed in (1, 1, 2)
    )
    assert first == again != other
