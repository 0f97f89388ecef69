"""What is known of the clips of one data version: figures of the sound, words and phones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from voxgate.evaluation.data_shape.texts import TextFigures
from voxgate.evaluation.data_shape.traits import Traits

__all__ = ["MEASURES", "Measure", "Source", "VersionFigures", "describe_version"]

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
class VersionFigures:
    """One data version. `values` are sorted, by measure; `phones` counts symbols by name.

    `forms` counts texts by their traits. `missing` says what is not known, and why or what gives
    it.
    """

    version: str
    source: Source
    clips: int
    seconds: float | None
    values: Mapping[str, tuple[float, ...]]
    words: Mapping[str, int]
    phones: Mapping[str, int]
    forms: Mapping[Traits, int]
    missing: tuple[str, ...] = field(default=())


def describe_version(
    texts: TextFigures,
    values: Mapping[str, Iterable[float]],
    *,
    version: str,
    source: Source,
    missing: Sequence[str] = (),
) -> VersionFigures:
    """Gather the figures of a version: what was counted of its texts, one of each clip.

    `values` are what is known of the clips, by measure. `missing` says how many texts the front end
    could not read.
    """
    known = {measure.name: tuple(sorted(values.get(measure.name, ()))) for measure in MEASURES}
    unread = texts.unread
    unsaid = [f"phones of {unread} texts: the front end cannot read them"] if unread else []
    return VersionFigures(
        version=version,
        source=source,
        clips=texts.texts,
        seconds=round(sum(known["duration_s"]), 3) if known["duration_s"] else None,
        values=known,
        words=texts.words,
        phones=texts.phones,
        forms=texts.forms,
        missing=(*missing, *_not_known(known, texts.texts), *unsaid),
    )


def _not_known(values: Mapping[str, Sequence[float]], clips: int) -> list[str]:
    return [
        f"{measure.title}: known of {len(values[measure.name])} of {clips} clips"
        for measure in MEASURES
        if len(values[measure.name]) < clips
    ]
