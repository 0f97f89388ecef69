"""What bad voices are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from voxgate.ports import Voice
from voxgate.types import Wave
from voxgate.voice.replay import ReplayVoice

__all__ = ["HURRY", "Sources"]

HURRY = 1.5
"""How much faster the hurried voice of `Sources` speaks, at its own pitch."""


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What bad voices are made of. `digest` names it all.

    `voice` is the sound voice, `replay` plays what it said when it was judged; `hurried` is the
    same voice `HURRY` times as fast, `stranger` another speaker who reads the same prompts, and
    `foreign` are recordings in another language, 16 kHz. `reference_text` is what the clip says
    that the voice speaks after.
    """

    voice: Voice
    replay: ReplayVoice
    hurried: Voice
    stranger: Voice
    foreign: Sequence[Wave] = field(repr=False)
    reference_text: str
    digest: str
