"""What counts as a number in a document that somebody else wrote."""

from __future__ import annotations

import math
from typing import Any, TypeGuard

__all__ = ["is_number"]


def is_number(value: Any) -> TypeGuard[int | float]:
    """Tell whether `value` is a finite number; a truth value is none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
