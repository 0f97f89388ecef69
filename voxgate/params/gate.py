"""Parameters of the gate: margins and floors. Changing one is a reviewed change of policy."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from voxgate.params.section import Section

__all__ = ["GateParams", "TradeParams"]


class TradeParams(Section):
    """A choice between words and likeness, against one rival. Bounds: voxgate/gate/trade.py."""

    subject: Literal["champion", "gold"]
    max_wer_loss: float = Field(gt=0)
    """The upper bound of the WER difference must be below it."""

    min_similarity_gain: float = Field(gt=0)
    """The lower bound of the similarity difference must be above it."""


class GateParams(Section):
    """Thresholds of the verdict. Sources: docs/evaluation.md."""

    model_name: str
    """Name of the registered model whose champion is challenged."""

    wer_margin: float = Field(gt=0)
    """Smallest non-inferiority margin; the calibration record may only widen it."""

    similarity_margin: float = Field(gt=0)
    """Smallest non-inferiority margin; the calibration record may only widen it."""

    max_wer: float = Field(gt=0)
    """Floor: corpus WER of the challenger on the gate prompts."""

    max_catastrophe_rate: float = Field(ge=0, le=1)
    """Floor: share of prompts with at least one catastrophe."""

    min_similarity: float
    """Floor: mean similarity to the held-out centroid."""

    max_share_below_floor: float = Field(gt=0, le=1)
    """Floor: share of samples whose similarity is below `evaluate.similarity_floor`."""

    max_sound_outlier_rate: float = Field(gt=0, le=1)
    """Floor: share of prompts with a sample whose sound the speaker's recordings never have."""

    slice_max_wer: float = Field(gt=0)
    """Hard floor of every slice (prompt class, length): its corpus WER as measured."""

    slice_max_catastrophe_rate: float = Field(gt=0, le=1)
    """Hard floor of every slice: its share of prompts with at least one catastrophe."""

    min_slice_prompts: int = Field(ge=2)
    """A slice with fewer prompts is shown and not judged."""

    min_prompts: int = Field(ge=20)
    """With fewer gate prompts no verdict is given: intervals would say nothing."""

    max_prompts: int = Field(ge=20)
    """No look takes more prompts; past it an undecided verdict goes to a person."""

    max_looks: int = Field(ge=1, le=5)
    """How often one challenger is judged while it is undecided, each time with a block of prompts
    more; the level is spent over them."""

    candidates_per_block: int = Field(ge=1)
    """So many candidates of one champion have their first look at the same block of prompts."""

    confidence: float = Field(gt=0.5, lt=1)
    """Of each one-sided bound, over all looks together."""

    bootstrap_draws: int = Field(ge=1_000)
    bootstrap_seed: int = Field(ge=0)
    catastrophe_alpha: float = Field(gt=0, lt=0.5)
    """Level of McNemar's test on catastrophes, and of Holm's procedure over slices."""

    approval_days: float = Field(gt=0, le=90)
    """How long a pending decision, and an approval that is not promoted yet, stay valid."""

    approval_policy: Literal["person", "auto"]
    """`auto` releases without a person where the verdict is PASS and a champion was compared."""

    min_votes: int = Field(ge=5)
    """Prompts that listeners must have voted on before their votes settle anything."""

    preference_margin: float = Field(gt=0, le=0.6)
    """Non-inferiority margin of votes: share of prompts lost minus share won, at its upper bound
    at `confidence`."""

    monitor_prompts: int = Field(ge=10)
    """At most how many gate prompts a day the live version speaks; blocks take turns."""

    rollback_policy: Literal["auto", "person"]
    """`auto` goes back after two consecutive quality failures of the live version; `person` only
    raises the alarm."""

    trade: TradeParams | None = None
    """Words that may be lost for likeness; no effect until a person signs it (`voxgate trade`)."""

    approvers: dict[str, list[str]]
    """Who may approve, each with the other names that the same person trains under (a login, a
    mail address). Nobody listed means anybody; the one who trained may not in either case."""
