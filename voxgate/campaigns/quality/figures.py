"""All that is measured of one sentence, before anybody judges it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from voxgate.campaigns.quality.expected import SentenceKind
from voxgate.campaigns.quality.hearing import Heard
from voxgate.campaigns.quality.sound import Sound
from voxgate.types import Transcript

__all__ = ["MEASURES", "Measure", "SentenceFigures", "collect_figures"]

_DIGITS = 6


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A fault that a figure can show: beyond its limit, `above` or below it.

    A `count` is of whole things, of which one more is one too many.
    """

    fault: str
    figure: str
    above: bool = True
    count: bool = False


MEASURES: tuple[Measure, ...] = (
    Measure(fault="word_missing", figure="missing_words", count=True),
    Measure(fault="word_added", figure="added_words", count=True),
    Measure(fault="frame_word", figure="frame_word", count=True),
    Measure(fault="frame", figure="frame_distance"),
    Measure(fault="slot", figure="slot_distance"),
    Measure(fault="divergent_run", figure="longest_run", count=True),
    Measure(fault="repeated", figure="repeats", count=True),
    Measure(fault="other_speaker", figure="similarity", above=False),
    Measure(fault="too_slow", figure="phone_s"),
    Measure(fault="too_fast", figure="phone_s", above=False),
    Measure(fault="pause", figure="pause_s"),
    Measure(fault="noisy", figure="floor_db"),
    Measure(fault="cut_off", figure="end_db"),
    Measure(fault="clipped", figure="clipped"),
    Measure(fault="late", figure="leading_s"),
    Measure(fault="lingers", figure="trailing_s"),
    Measure(fault="quiet", figure="level_dbfs", above=False),
    Measure(fault="loud", figure="level_dbfs"),
)
"""Every fault that has a limit; docs/campaign_quality.md says what each is for."""


@dataclass(frozen=True, kw_only=True)
class SentenceFigures:
    """One sentence, measured.

    `certain` are faults that need no limit. `values` has a figure for each name in `MEASURES` that
    could be measured, and `frame_edits`, `wer` and `duration_s`. `heard` is None where nobody
    listened: the sound alone had failed.
    """

    kind: SentenceKind
    certain: tuple[str, ...]
    values: Mapping[str, float] = field(hash=False)
    heard: str | None


def collect_figures(
    kind: SentenceKind,
    sound: Sound,
    *,
    transcript: Transcript | None = None,
    heard: Heard | None = None,
    similarity: float | None = None,
) -> SentenceFigures:
    """Put together what the instruments gave; the last three are None where the sound failed."""
    certain = list(sound.faults)
    values: dict[str, float] = {"duration_s": sound.duration_s, **sound.figures}
    if transcript is not None and transcript.capped:
        certain.append("endless")
    if transcript is not None and not transcript.text.strip():
        certain.append("nothing_heard")
    if heard is not None:
        words = asdict(heard)
        if words.pop("wrong_values"):
            certain.append("wrong_value")
        values |= {name: float(value) for name, value in words.items()}
    if similarity is not None:
        values["similarity"] = similarity
    return SentenceFigures(
        kind=kind,
        certain=tuple(certain),
        values={name: round(value, _DIGITS) for name, value in sorted(values.items())},
        heard=None if transcript is None else transcript.text,
    )
