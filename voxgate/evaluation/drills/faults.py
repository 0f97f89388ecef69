"""What a bad voice is, and what the gate must say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from voxgate.evaluation.drills.sources import Sources
from voxgate.ports import Voice

__all__ = ["Fault"]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A bad voice. The gate must give all reasons of `expected` and at least one of `any_of`.

    `any_of` is for a fault that more than one criterion may hear; empty, it asks for nothing.
    """

    name: str
    what: str
    build: Callable[[Sources], Voice]
    expected: frozenset[str] = field(default_factory=frozenset)
    any_of: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        """Refuse a fault that any reason would do for.

        Raises:
            ValueError: neither `expected` nor `any_of` names a reason.
        """
        if not (self.expected or self.any_of):
            raise ValueError(f"fault {self.name!r} names no reason that the gate must give")

    def is_named_by(self, codes: frozenset[str]) -> bool:
        """Tell whether the reasons that the gate gave are those of this fault."""
        return self.expected <= codes and (not self.any_of or bool(self.any_of & codes))
