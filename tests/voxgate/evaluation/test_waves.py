from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from voxgate.evaluation.waves import Waves
from voxgate.types import Wave


@dataclass
class Counted:
    number: int
    asked: list[int] = field(default_factory=list)

    @property
    def wave(self) -> Wave:
        self.asked.append(self.number)
        return np.full(3, self.number, dtype=np.float32)


def test_a_wave_is_made_when_it_is_asked_for() -> None:
    holders = [Counted(n) for n in range(4)]
    waves = Waves(holders)
    assert len(waves) == 4
    assert [each.asked for each in holders] == [[], [], [], []]
    assert waves[2][0] == 2
    assert [wave[0] for wave in waves[1:3]] == [1, 2]
    assert [wave[0] for wave in waves] == [0, 1, 2, 3]
    assert [len(each.asked) for each in holders] == [1, 2, 3, 1]
