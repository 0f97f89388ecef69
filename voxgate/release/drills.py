"""Rehearsals: what may be released for practice, and only there."""

from __future__ import annotations

from voxgate.errors import ReleaseError
from voxgate.voice.card import TRAINED

__all__ = ["DRILL_PREFIX", "require_place"]

DRILL_PREFIX = "drill-"
"""A model whose name begins like this has a drill ledger: what is live there is heard by nobody."""


def require_place(kind: str, model: str) -> None:
    """Stop a voice that is none from entering the ledger of a model that people hear.

    Raises:
        ReleaseError: the kind is not a trained voice and the model is not for drills.
    """
    if kind != TRAINED and not model.startswith(DRILL_PREFIX):
        raise ReleaseError(
            f"a voice of kind {kind!r} cannot enter the ledger of {model!r}: it plays recordings "
            f"and speaks no other text. Rehearse under a name that begins with {DRILL_PREFIX!r} "
            "(gate.model_name)"
        )
