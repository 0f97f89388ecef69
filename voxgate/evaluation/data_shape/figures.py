"""What is known of the clips of one data version: figures of the sound, words and phones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from voxgate.errors import TextError
from voxgate.evaluation.prompt_texts import words_of

__all__ = ["MEASURES", "ClipFigures", "Measure", "Source", "VersionFigures", "describe_version"]

Source = Literal["validated", "measured", "listed"]
"""`validated`: the accepted clips of a validation; `measured`: every recording of the manifest, its
sound measured here; `listed`: every recording of the manifest, its sound unknown."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A figure of a clip that is a number."""

    name: str
    title: str
    unit: str


MEASURES = (
    Measure(name="snr_db", title="signal to noise", unit="dB"),
    Measure(name="letters_per_s", title="rate", unit="letters and digits a second"),
    Measure(name="pitch_hz", title="pitch, median of a clip", unit="Hz"),
    Measure(name="duration_s", title="duration", unit="s"),
    Measure(name="speaker_cosine", title="likeness to the speaker's other clips", unit="cosine"),
)


@dataclass(frozen=True, kw_only=True)
class ClipFigures:
    """One clip; None where a figure is not known."""

    recording_id: str
    text: str
    language: str
    snr_db: float | None = None
    letters_per_s: float | None = None
    pitch_hz: float | None = None
    duration_s: float | None = None
    speaker_cosine: float | None = None


@dataclass(frozen=True, kw_only=True)
class VersionFigures:
    """One data version. `values` are sorted, by measure; `phones` counts symbols by name.

    `missing` says what is not known, and why or what gives it.
    """

    version: str
    source: Source
    texts: tuple[str, ...]
    seconds: float | None
    values: Mapping[str, tuple[float, ...]]
    words: Mapping[str, int]
    phones: Mapping[str, int]
    missing: tuple[str, ...] = field(default=())

    @property
    def clips(self) -> int:
        """How many clips there are."""
        return len(self.texts)


def describe_version(
    clips: Sequence[ClipFigures],
    *,
    version: str,
    source: Source,
    phones_of: Callable[[str, str], Iterable[str]],
    missing: Sequence[str] = (),
) -> VersionFigures:
    """Gather the figures of a version; `phones_of` reads a text in a language.

    A text that cannot be read has no phones; `missing` says how many those are.
    """
    phones: Counter[str] = Counter()
    unread = 0
    for clip in clips:
        try:
            phones.update(phones_of(clip.text, clip.language))
        except TextError:
            unread += 1
    values = {
        measure.name: tuple(
            sorted(v for clip in clips if (v := getattr(clip, measure.name)) is not None)
        )
        for measure in MEASURES
    }
    unsaid = [f"phones of {unread} texts: the front end cannot read them"] if unread else []
    return VersionFigures(
        version=version,
        source=source,
        texts=tuple(clip.text for clip in clips),
        seconds=round(sum(values["duration_s"]), 3) if values["duration_s"] else None,
        values=values,
        words=Counter(word for clip in clips for word in words_of(clip.text)),
        phones=phones,
        missing=(*missing, *_not_known(values, len(clips)), *unsaid),
    )


def _not_known(values: Mapping[str, Sequence[float]], clips: int) -> list[str]:
    return [
        f"{measure.title}: known of {len(values[measure.name])} of {clips} clips"
        for measure in MEASURES
        if len(values[measure.name]) < clips
    ]
