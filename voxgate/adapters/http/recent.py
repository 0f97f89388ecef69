"""What was measured in the last minutes, for people who look: counters only ever know the whole."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Mapping

__all__ = ["RecentFigures"]

_SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


class RecentFigures:
    """Figures of each lane that are at most `window_s` old; of many, the newest `most`."""

    def __init__(
        self,
        *,
        window_s: float = 300.0,
        most: int = 8_192,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.window_s = window_s
        self._most = most
        self._now_s = now_s
        self._lanes: dict[str, deque[tuple[float, float]]] = {}

    def add(self, lane: str, figure: float) -> None:
        """Keep a figure that was measured just now."""
        kept = self._lanes.setdefault(lane, deque(maxlen=self._most))
        kept.append((self._now_s(), figure))

    def quantiles(self) -> Mapping[str, Mapping[str, float]]:
        """Return count, p50, p95 and p99 of each lane that has figures.

        A quantile is the least figure that so large a share does not exceed (nearest rank): of a
        few figures the p99 is the largest.
        """
        oldest_s = self._now_s() - self.window_s
        for kept in self._lanes.values():
            while kept and kept[0][0] < oldest_s:
                kept.popleft()
        return {
            lane: _quantiles([f for _, f in kept]) for lane, kept in self._lanes.items() if kept
        }


def _quantiles(figures: list[float]) -> dict[str, float]:
    figures.sort()
    ranks = {name: math.ceil(share * len(figures)) - 1 for name, share in _SHARES.items()}
    return {"count": len(figures)} | {name: figures[rank] for name, rank in ranks.items()}
