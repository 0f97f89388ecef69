"""What two data versions are like: from the tables of their validations, else from the manifests.

Of the sound, what no table has is measured here only where that is asked for: to decode a corpus
takes minutes. What was measured once is kept by content, and then known without being asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.data_versions.phones import PhoneReader
from tasks.data_versions.sound import Sound, SoundFigures
from tasks.data_versions.texts import TextCounts, TextSource
from voxgate.corpus.lexicon_folder import user_lexicons
from voxgate.corpus.manifest import Recording
from voxgate.evaluation.benchmark import load_benchmark
from voxgate.evaluation.data_shape.comparison import DataShape, compare_versions
from voxgate.evaluation.data_shape.figures import VersionFigures, describe_version
from voxgate.evaluation.data_shape.texts import TextFigures
from voxgate.text.inline_readings import without_readings
from voxgate.text.spoken_length import spoken_letters
from voxgate.text.tags import without_tags
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.data_exchange import DataVersion, ValidatedTable, find_validated

if TYPE_CHECKING:
    from voxgate.corpus.usable_clips import UsableClip

__all__ = ["shape_data"]

_OTHER_RULES = (
    "the two versions were validated by other code or parameters: some figures may differ for that"
)

_OTHER_CLIPS = (
    "one version counts the clips that its validation accepted, the other all that have a text"
)


def shape_data(
    checkout: Checkout, old: DataVersion, new: DataVersion, *, measure: bool = False
) -> DataShape:
    """Describe two data versions.

    Raises:
        ConfigError: the prompts of the gate, or the lexicon, cannot be read.
        DataVersionError, ManifestError: as `compare_data`.
    """
    params, workspace = checkout.params, checkout.workspace
    benchmark = load_benchmark(workspace.benchmark_dir / params.evaluate.prompt_file)
    lexicons = user_lexicons(workspace.data_dir, params.featurize.lexicon)
    reader = PhoneReader(params=params.featurize, lexicons=lexicons)
    counts = TextCounts.open(workspace, benchmark, reader)
    both = [_VersionClips.find(checkout, version) for version in (old, new)]
    texts = counts.count(both[0].texts(), both[1].texts())
    sound = Sound.open(checkout)
    figures = [
        _describe(clips, counted, sound, measure=measure)
        for clips, counted in zip(both, texts, strict=True)
    ]
    return compare_versions(
        figures[0],
        figures[1],
        benchmark,
        wanted=counts.gate_phones(),
        notes=list(_notes(both[0].table, both[1].table)),
    )


@dataclass(frozen=True, kw_only=True)
class _VersionClips:
    """The clips of a version: those that its validation accepted, else what the manifest lists."""

    version: DataVersion
    table: ValidatedTable | None
    usable: tuple[UsableClip, ...]

    @staticmethod
    def find(checkout: Checkout, version: DataVersion) -> _VersionClips:
        table = find_validated(checkout.root, version.digest)
        if table is None:
            return _VersionClips(version=version, table=None, usable=())
        from voxgate.corpus.usable_clips import read_usable_file

        usable = tuple(read_usable_file(table.path))
        return _VersionClips(version=version, table=table, usable=usable)

    def texts(self) -> TextSource:
        if self.table is None:
            return TextSource(
                digest=self.version.tree.files["manifest.csv"],
                take=lambda: Counter((r.text, r.language) for r in self.listed()),
            )
        return TextSource(
            digest=self.table.md5,
            take=lambda: Counter((clip.train_text, clip.language) for clip in self.usable),
        )

    def listed(self) -> Iterable[Recording]:
        return (r for r in self.version.recordings.values() if r.text)

    def heard(self) -> Iterable[Recording]:
        if self.table is None:
            return self.listed()
        return (self.version.recordings[clip.recording_id] for clip in self.usable)


def _describe(
    clips: _VersionClips, texts: TextFigures, sound: Sound, *, measure: bool
) -> VersionFigures:
    known = sound.hear(clips.version, clips.heard(), measure=measure)
    values = _of_lines(clips, known) if clips.table is None else _of_table(clips, known)
    return describe_version(
        texts,
        values,
        version=clips.version.digest,
        source="validated" if clips.table else "measured" if known else "listed",
        missing=[*_unvalidated(clips.table is None), *_unheard(texts.texts - len(known))],
    )


def _of_table(
    clips: _VersionClips, sound: Mapping[str, SoundFigures]
) -> Mapping[str, Iterable[float]]:
    usable = clips.usable
    return {
        "snr_db": _known(clip.snr_db for clip in usable),
        "letters_per_s": _known(clip.speech_rate for clip in usable),
        "pitch_hz": _known(heard.get("pitch_hz") for heard in sound.values()),
        "duration_s": _known(clip.duration_s for clip in usable),
        "speaker_cosine": _known(clip.speaker_cosine for clip in usable),
    }


def _of_lines(
    clips: _VersionClips, sound: Mapping[str, SoundFigures]
) -> Mapping[str, Iterable[float]]:
    lengths = [
        (recording.text, sound[recording.recording_id].get("duration_s"))
        for recording in clips.listed()
        if recording.recording_id in sound
    ]
    return {
        "snr_db": _known(heard.get("snr_db") for heard in sound.values()),
        "letters_per_s": [_letters(text) / seconds for text, seconds in lengths if seconds],
        "pitch_hz": _known(heard.get("pitch_hz") for heard in sound.values()),
        "duration_s": _known(seconds for _, seconds in lengths),
    }


def _letters(text: str) -> float:
    return spoken_letters(without_tags(without_readings(text)))


def _known(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _notes(old: ValidatedTable | None, new: ValidatedTable | None) -> Iterator[str]:
    if (old is None) != (new is None):
        yield _OTHER_CLIPS
    elif old is not None and new is not None and old.rules != new.rules:
        yield _OTHER_RULES


def _unvalidated(absent: bool) -> list[str]:
    text = "no validation of this version is in DVC's cache: all its recordings count that have a "
    text += "text, and nobody compared their speakers (`voxgate run` validates)"
    return [text] if absent else []


def _unheard(count: int) -> list[str]:
    return [f"sound of {count} clips: `--measure` listens to it, once"] if count else []
