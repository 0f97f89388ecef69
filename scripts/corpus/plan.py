"""What follows what in an hour: turns of the wanted speaker, of others, and sounds, by chance."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scripts.corpus.clips import Clip
from scripts.corpus.truth import Kind
from voxgate.types import HEARING_RATE_HZ

__all__ = ["Gap", "Item", "Sound", "plan_items"]

_SHARES = {"wanted": 0.44, "others": 0.26, "sounds": 0.08}
"""Of the hour, as far as there are clips; what is left are gaps. No clip comes twice."""

_WANTED_TURN, _OTHERS_TURN = (2, 9), (1, 4)
_GAP_S = (0.15, 4.0)
_SOUND_S: Mapping[Kind, tuple[float, float]] = {
    Kind.TONE: (0.3, 1.5),
    Kind.MUSIC: (3.0, 20.0),
    Kind.NOISE: (2.0, 8.0),
}


@dataclass(frozen=True)
class Gap:
    """Nothing but the room, for `n_samples`."""

    n_samples: int


@dataclass(frozen=True)
class Sound:
    """A sound that is still to be made."""

    kind: Kind
    n_samples: int


Item = Clip | Sound | Gap


@dataclass
class _Stock:
    """What may still come: `left` are samples by sort, `clips` the clips by speaker, drawn once."""

    left: dict[str, float]
    wanted: list[Clip]
    others: list[list[Clip]] = field(default_factory=list)


def plan_items(
    wanted: Sequence[Clip], others: Sequence[Sequence[Clip]], *, n_samples: int, seed: int
) -> list[Item]:
    """Return items of `n_samples` together, each clip with a gap before it; the last item is a gap.

    A gap lasts 0.15 to 4 s, short ones as often as long ones on a logarithmic scale. What runs out
    (clips are never repeated) is made up for by the other sorts.
    """
    draw = random.Random(seed)  # noqa: S311  # can be repeated, no secret
    stock = _Stock(
        left={name: share * n_samples for name, share in _SHARES.items()},
        wanted=draw.sample(wanted, len(wanted)),
        others=[draw.sample(clips, len(clips)) for clips in others],
    )
    items: list[Item] = []
    total = 0
    for gap, item in _items(stock, draw):
        added = gap.n_samples + _length(item)
        if total + added > n_samples - int(_GAP_S[0] * HEARING_RATE_HZ):
            break
        items += [gap, item]
        total += added
    return [*items, Gap(n_samples - total)]


def _items(stock: _Stock, draw: random.Random) -> Iterator[tuple[Gap, Clip | Sound]]:
    while True:
        turn = _turn(stock, draw)
        for item in turn:
            yield Gap(_seconds(draw, *_GAP_S)), item


def _turn(stock: _Stock, draw: random.Random) -> list[Clip | Sound]:
    open_sorts = {
        "wanted": bool(stock.wanted),
        "others": any(stock.others),
        "sounds": True,
    }
    names = [name for name, is_open in open_sorts.items() if is_open]
    weights = [max(stock.left[name], 1.0) for name in names]
    name = draw.choices(names, weights)[0]
    turn = _draw_turn(name, stock, draw)
    stock.left[name] -= sum(map(_length, turn))
    return turn


def _draw_turn(name: str, stock: _Stock, draw: random.Random) -> list[Clip | Sound]:
    if name == "sounds":
        kind = draw.choice(list(_SOUND_S))
        return [Sound(kind, _seconds(draw, *_SOUND_S[kind]))]
    if name == "wanted":
        clips, count = stock.wanted, draw.randint(*_WANTED_TURN)
    else:
        clips = draw.choice([some for some in stock.others if some])
        count = draw.randint(*_OTHERS_TURN)
    return [clips.pop() for _ in range(min(count, len(clips)))]


def _seconds(draw: random.Random, least: float, most: float) -> int:
    """Return a length in samples, drawn evenly on a logarithmic scale."""
    return round(math.exp(draw.uniform(math.log(least), math.log(most))) * HEARING_RATE_HZ)


def _length(item: Item) -> int:
    return item.wave.size if isinstance(item, Clip) else item.n_samples
